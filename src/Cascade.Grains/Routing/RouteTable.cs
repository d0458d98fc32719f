using System.Collections.Frozen;
using System.Collections.Immutable;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Planning.Decisions;
using Cascade.Planning.Strategies;

namespace Cascade.Grains.Routing;

/// <summary>What a request may name as its model: the routes, and every endpoint and group as a route of one.</summary>
internal sealed class RouteTable
{
    private readonly FrozenDictionary<string, RouteModel> _routes;

    public RouteTable(ClusterModel model)
    {
        var direct = model.Endpoints.Values.Select(StageModel.Of).Concat(model.Groups.Values).OrderBy(s => s.Id.Value, StringComparer.Ordinal).Select(Direct).ToList();
        _routes = model.Routes.Values.Concat(direct).ToFrozenDictionary(r => r.Name, StringComparer.Ordinal);
        Catalog =
        [
            .. model.Routes.Values.OrderBy(r => r.Name, StringComparer.Ordinal).Select(r => Item(r, isRoute: true)),
            .. direct.Select(r => Item(r, isRoute: false)),
        ];
    }

    public ImmutableArray<CatalogItem> Catalog { get; }

    /// <summary>The catalog without what a view leaves out.</summary>
    public ImmutableArray<CatalogItem> CatalogFor(AccountView view) =>
    [
        .. Catalog
            .Select(item => (Item: item, Met: view.Meet(_routes[item.Name])))
            .Where(static each => each.Met.Stages.Any(static stage => !stage.Deployments.IsEmpty))
            .Select(static each => Item(each.Met, each.Item.IsRoute)),
    ];

    public RouteModel? Find(string name) => _routes.GetValueOrDefault(name);

    private static RouteModel Direct(StageModel stage) => new()
    {
        Name = stage.Id.Value,
        Stages = [stage],
        Policy = new SingleModelStrategy().Fit(new StrategyInput { Models = [ProfileOf(stage)] }),
        Verifier = null,
        Calibration = null,
        CostWeight = 0,
    };

    private static ModelProfile ProfileOf(StageModel stage) => new()
    {
        Name = stage.Id.Value,
        Quality = stage.Quality,
        CostUsd = stage.ExpectedCostNanos / 1e9,
    };

    private static CatalogItem Item(RouteModel route, bool isRoute) => new()
    {
        Name = route.Name,
        IsRoute = isRoute,
        Endpoints = [.. route.Stages.SelectMany(s => s.Deployments).Select(d => d.Id)],
        Source = string.Join('+', route.Stages.SelectMany(s => s.Deployments).Select(d => d.Provider).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
    };
}
