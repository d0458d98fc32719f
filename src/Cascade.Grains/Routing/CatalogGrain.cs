using System.Collections.Immutable;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Orleans.Concurrency;

namespace Cascade.Grains.Routing;

/// <summary>Lists what the silo serves.</summary>
[GrainType("cascade.catalog"), StatelessWorker(maxLocalWorkers: 1), Reentrant]
internal sealed class CatalogGrain(RouteTable routes, ClusterModel model, AccountViews views) : Grain, ICatalogGrain
{
    public Task<ImmutableArray<CatalogItem>> ListAsync(CancellationToken cancellationToken = default) => Task.FromResult(routes.Catalog);

    public Task<ImmutableArray<CatalogItem>> ListForAsync(AccountId account, CancellationToken cancellationToken = default) =>
        Task.FromResult(model.FindAccount(account) is null ? [] : routes.CatalogFor(views.Of(account)));
}
