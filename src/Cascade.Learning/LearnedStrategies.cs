using System.Collections.Immutable;
using Cascade.Planning.Fitting;
using Cascade.Planning.Routing;

namespace Cascade.Learning;

/// <summary>The strategies that need ML.NET to be fitted, and nothing but Cascade.Planning to be served.</summary>
public static class LearnedStrategies
{
    /// <summary>All of them, in the order documentation lists them.</summary>
    public static ImmutableArray<ICascadeStrategy> All { get; } =
    [
        new RouterStrategy(new BoostedTrainer()),
        new RouterStrategy(new LbfgsTrainer()),
    ];
}
