using Cascade.Grains.Budgets;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Hosting;
using Cascade.Grains.Identity;
using Cascade.Grains.Model;
using Cascade.Grains.Telemetry;
using Microsoft.Extensions.Options;

namespace Cascade.Grains.Routing;

/// <summary>What a request needs of its silo.</summary>
internal sealed class CascadeServices(
    ClusterModel model,
    RouteTable routes,
    AccountViews views,
    BudgetAgent budget,
    StepRunner steps,
    RepeatedRequests repeated,
    EndpointAgent endpoints,
    RequestsUnderWay underWay,
    IIdSource ids,
    TimeProvider time,
    CascadeInstruments instruments,
    IOptions<CascadeOptions> options)
{
    public ClusterModel Model => model;

    public RouteTable Routes => routes;

    public AccountViews Views => views;

    public BudgetAgent Budget => budget;

    public StepRunner Steps => steps;

    public RepeatedRequests Repeated => repeated;

    public EndpointAgent Endpoints => endpoints;

    public RequestsUnderWay UnderWay => underWay;

    public IIdSource Ids => ids;

    public TimeProvider Time => time;

    public CascadeInstruments Instruments => instruments;

    public CascadeOptions Options => options.Value;
}
