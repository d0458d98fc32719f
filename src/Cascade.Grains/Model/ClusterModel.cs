using System.Collections.Frozen;
using Cascade.Contracts;
using Cascade.Providers.Pricing;

namespace Cascade.Grains.Model;

/// <summary>
/// What the cluster serves and for whom: the validated, immutable form of the configuration. A request reads one instance from start to end.
/// </summary>
public sealed record ClusterModel
{
    /// <summary>Endpoints by name.</summary>
    public required FrozenDictionary<string, EndpointModel> Endpoints { get; init; }

    /// <summary>Routes by name; no route has the name of an endpoint.</summary>
    public required FrozenDictionary<string, RouteModel> Routes { get; init; }

    /// <summary>Accounts by path.</summary>
    public required FrozenDictionary<AccountId, AccountModel> Accounts { get; init; }

    /// <summary>The price book that endpoints refer to; null when there is none.</summary>
    public LivePriceBook? Prices { get; init; }
}
