using Cascade.Grains.Hosting;
using Cascade.Providers;
using Cascade.Storage;

namespace Cascade.Grains.Configuration;

/// <summary>The section <c>Cascade</c> as a person writes it. Every key is explained in docs/configuration.md.</summary>
/// <remarks>
/// Names are keys of .NET configuration: they cannot hold <c>:</c>, and two names that differ only in case are the same.
/// </remarks>
public sealed class CascadeConfig
{
    /// <summary>The configuration section this type is read from.</summary>
    public const string SectionName = "Cascade";

    /// <summary>Where state is kept.</summary>
    public StorageConfig Storage { get; set; } = new();

    /// <summary>The silo's place in the cluster.</summary>
    public ClusterConfig Cluster { get; set; } = new();

    /// <summary>The HTTP gateway and its limits.</summary>
    public HttpConfig Http { get; set; } = new();

    /// <summary>Endpoints by name.</summary>
    public Dictionary<string, EndpointConfig> Endpoints { get; set; } = [];

    /// <summary>Where the price book is.</summary>
    public PricesConfig Prices { get; set; } = new();

    /// <summary>Routes by name.</summary>
    public Dictionary<string, RouteConfig> Routes { get; set; } = [];

    /// <summary>What accounts are unless they say otherwise.</summary>
    public BudgetDefaultsConfig Budgets { get; set; } = new();

    /// <summary>Accounts by path.</summary>
    public Dictionary<string, AccountConfig> Accounts { get; set; } = [];

    /// <summary>Limits and rhythms of a silo.</summary>
    public CascadeOptions Limits { get; set; } = new();

    /// <summary>Who is told of budgets that reach their caps.</summary>
    public AlertsConfig Alerts { get; set; } = new();

    /// <summary>What the process tells about itself.</summary>
    public TelemetryConfig Telemetry { get; set; } = new();
}
