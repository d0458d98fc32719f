using System.Collections.Immutable;
using Cascade.Contracts;

namespace Cascade.Grains.Model;

/// <summary>What routes and requests call by one name: an endpoint, or the deployments of one model that stand in for each other.</summary>
public sealed record StageModel
{
    private StageModel(string name, ImmutableArray<EndpointModel> deployments) =>
        (Id, Deployments, Members) = (new EndpointId(name), deployments, [.. deployments.Select(static d => d.Id)]);

    /// <summary>The name that plans know.</summary>
    public EndpointId Id { get; }

    /// <summary>Who may be called, in ordinal order; none only where a filter has left none.</summary>
    public ImmutableArray<EndpointModel> Deployments { get; private init; }

    /// <summary>Who could be called if no filter left anybody out, at least one.</summary>
    public ImmutableArray<EndpointId> Members { get; }

    /// <summary>Whether the name is one of a group and not of an endpoint.</summary>
    public bool IsGroup => Members[0] != Id;

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

    /// <summary>The stage as a request meets it.</summary>
    /// <param name="meet">A deployment as the request meets it; null where it must not be called.</param>
    /// <returns>The stage.</returns>
    public StageModel Select(Func<EndpointModel, EndpointModel?> meet)
    {
        ArgumentNullException.ThrowIfNull(meet);
        return this with { Deployments = [.. Deployments.Select(meet).OfType<EndpointModel>()] };
    }

    /// <summary>The groups that endpoints say they belong to.</summary>
    /// <param name="endpoints">All endpoints.</param>
    /// <returns>One stage per group, under the group's name.</returns>
    public static IEnumerable<StageModel> GroupsOf(IEnumerable<EndpointModel> endpoints) => endpoints
        .Where(static e => e.Reliability.Group.Length > 0)
        .GroupBy(static e => e.Reliability.Group, StringComparer.Ordinal)
        .Select(static group => new StageModel(group.Key, [.. group.OrderBy(static e => e.Id.Value, StringComparer.Ordinal)]));
}
