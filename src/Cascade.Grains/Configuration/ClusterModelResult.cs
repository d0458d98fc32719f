using System.Collections.Frozen;
using System.Collections.Immutable;
using Cascade.Contracts;
using Cascade.Grains.Model;

namespace Cascade.Grains.Configuration;

/// <summary>What came of reading a configuration.</summary>
public sealed record ClusterModelResult
{
    /// <summary>The model; null when there are problems, or when only a check was asked for.</summary>
    public required ClusterModel? Model { get; init; }

    /// <summary>Which account each configured key hash spends for, by the normalised hash.</summary>
    public required FrozenDictionary<string, AccountId> AccountsByKeyHash { get; init; }

    /// <summary>Everything that is wrong, one sentence each: the key, what is wrong with its value, and the repair.</summary>
    public required ImmutableArray<string> Problems { get; init; }
}
