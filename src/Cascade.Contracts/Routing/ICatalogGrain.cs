using System.Collections.Immutable;

namespace Cascade.Contracts;

/// <summary>Says what the cluster serves. A stateless worker over the silo's configuration.</summary>
[Alias("cascade.catalog"), GrainInterfaceType("cascade.catalog")]
public interface ICatalogGrain : IGrainWithIntegerKey
{
    /// <summary>Lists what a request may name as its model.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Routes first, then endpoints, each in ordinal order.</returns>
    [Alias("list")]
    Task<ImmutableArray<CatalogItem>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists what a request of one account may name as its model.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>As <see cref="ListAsync"/>, without what the account may not use; nothing when there is no such account.</returns>
    [Alias("list-for")]
    Task<ImmutableArray<CatalogItem>> ListForAsync(AccountId account, CancellationToken cancellationToken = default);
}

/// <summary>A route or an endpoint that a request may name.</summary>
[GenerateSerializer, Immutable, Alias("cascade.catalog.item")]
public sealed record CatalogItem
{
    /// <summary>The name to ask for.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Whether the name is a cascade over several endpoints.</summary>
    [Id(1)]
    public required bool IsRoute { get; init; }

    /// <summary>The endpoints a route may call, cheapest first; the endpoint itself, or the deployments of a group, otherwise.</summary>
    [Id(2)]
    public ImmutableArray<EndpointId> Endpoints { get; init; } = [];

    /// <summary>Where the answers come from: <c>openai</c>, <c>replay</c>, <c>synthetic</c>, or several joined by <c>+</c>.</summary>
    [Id(3)]
    public string Source { get; init; } = "";
}
