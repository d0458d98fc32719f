using System.Collections.Frozen;
using System.Collections.Immutable;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Planning.Decisions;
using Cascade.Planning.Strategies;

namespace Cascade.Grains.Routing;

/// <summary>What a request may name as its model: the routes, and every endpoint as a route of one.</summary>
internal sealed class RouteTable
{
    private readonly FrozenDictionary<string, RouteModel> _routes;

    public RouteTable(ClusterModel model)
    {
        _routes = model.Routes.Values.Concat(model.Endpoints.Values.Select(Direct)).ToFrozenDictionary(r => r.Name, StringComparer.Ordinal);
        Catalog =
        [
            .. model.Routes.Values.OrderBy(r => r.Name, StringComparer.Ordinal).Select(r => Item(r, isRoute: true)),
            .. model.Endpoints.Values.OrderBy(e => e.Id.Value, StringComparer.Ordinal).Select(e => Item(_routes[e.Id.Value], isRoute: false)),
        ];
    }

    public ImmutableArray<CatalogItem> Catalog { get; }

    public RouteModel? Find(string name) => _routes.GetValueOrDefault(name);

    private static RouteModel Direct(EndpointModel endpoint) => new()
    {
        Name = endpoint.Id.Value,
        Stages = [endpoint],
        Policy = new SingleModelStrategy().Fit(new StrategyInput { Models = [ProfileOf(endpoint)] }),
        Verifier = null,
        Calibration = null,
        CostWeight = 0,
    };

    private static ModelProfile ProfileOf(EndpointModel endpoint) => new()
    {
        Name = endpoint.Id.Value,
        Quality = endpoint.Quality,
        CostUsd = endpoint.ExpectedCostNanos / 1e9,
    };

    private static CatalogItem Item(RouteModel route, bool isRoute) => new()
    {
        Name = route.Name,
        IsRoute = isRoute,
        Endpoints = [.. route.Stages.Select(s => s.Id)],
        Source = string.Join('+', route.Stages.Select(s => s.Provider).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
    };
}
