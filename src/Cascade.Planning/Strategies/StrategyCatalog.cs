using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Cascade.Planning.Strategies;

/// <summary>The strategies that a route's configuration can name.</summary>
public static class StrategyCatalog
{
    private static readonly ImmutableArray<IConfigurableStrategy> All =
    [
        new SingleModelStrategy(),
        new FallbackChainStrategy(),
        new ThresholdPairStrategy(),
    ];

    private static readonly FrozenDictionary<string, IConfigurableStrategy> ByName = All.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);

    /// <summary>The names of all strategies, in the order documentation lists them.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(s => s.Name)];

    /// <summary>Finds a strategy by its name; case matters.</summary>
    /// <param name="name">The name, for example <c>threshold-pair</c>.</param>
    /// <returns>The strategy; null when there is none of that name.</returns>
    public static IConfigurableStrategy? Find(string? name) => name is null ? null : ByName.GetValueOrDefault(name);
}
