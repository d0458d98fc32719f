using System.Collections.Immutable;
using Cascade.Planning.Estimation;
using Cascade.Planning.Routing;

namespace Cascade.Planning.Fitting;

/// <summary>The strategies that can be fitted on recorded outcomes with nothing but this library.</summary>
public static class FittableStrategies
{
    // One trainer for all who use it, so that it trains once per table.
    private static readonly LogisticTrainer Logistic = new();

    /// <summary>All of them, in the order documentation lists them.</summary>
    public static ImmutableArray<ICascadeStrategy> All { get; } =
    [
        new DirectModels(),
        new OptimalRoutingStrategy(Logistic),
        new RouterStrategy(new KnnTrainer()),
        new RouterStrategy(Logistic),
        new RouterStrategy(new PerTaskMeanTrainer()),
    ];
}
