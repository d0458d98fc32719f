using System.Collections.Immutable;
using Cascade.Contracts;
using Orleans.Concurrency;

namespace Cascade.Grains.Routing;

/// <summary>Lists what the silo serves.</summary>
[GrainType("cascade.catalog"), StatelessWorker(maxLocalWorkers: 1), Reentrant]
internal sealed class CatalogGrain(RouteTable routes) : Grain, ICatalogGrain
{
    public Task<ImmutableArray<CatalogItem>> ListAsync(CancellationToken cancellationToken = default) => Task.FromResult(routes.Catalog);
}
