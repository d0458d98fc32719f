using System.Collections.Immutable;
using Cascade.Contracts;

namespace Cascade.Grains.Model;

/// <summary>What routes and requests call by one name: an endpoint, or the deployments of one model that stand in for each other.</summary>
public sealed record StageModel
{
    private StageModel(string name, ImmutableArray<EndpointModel> deployments) => (Id, Deployments) = (new EndpointId(name), deployments);

    /// <summary>The name that plans know.</summary>
    public EndpointId Id { get; }

    /// <summary>Who may be called, at least one, in ordinal order.</summary>
    public ImmutableArray<EndpointModel> Deployments { get; }

    /// <summary>Whether the name is one of a group and not of an endpoint.</summary>
    public bool IsGroup => Deployments[0].Id != Id;

    /// <summary>The quality to expect: the least of the deployments', because a plan cannot choose among them.</summary>
    public double Quality => Deployments.Min(static d => d.Quality);

    /// <summary>The cost to expect of one call, in nano-dollars: the deployments' mean, because they are called about equally often.</summary>
    public long ExpectedCostNanos => (long)Deployments.Average(static d => (double)d.ExpectedCostNanos);

    /// <summary>The stage of one endpoint under its own name.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>The stage.</returns>
    public static StageModel Of(EndpointModel endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new StageModel(endpoint.Id.Value, [endpoint]);
    }

    /// <summary>The groups that endpoints say they belong to.</summary>
    /// <param name="endpoints">All endpoints.</param>
    /// <returns>One stage per group, under the group's name.</returns>
    public static IEnumerable<StageModel> GroupsOf(IEnumerable<EndpointModel> endpoints) => endpoints
        .Where(static e => e.Reliability.Group.Length > 0)
        .GroupBy(static e => e.Reliability.Group, StringComparer.Ordinal)
        .Select(static group => new StageModel(group.Key, [.. group.OrderBy(static e => e.Id.Value, StringComparer.Ordinal)]));
}
