using System.Collections.Immutable;
using Cascade.Planning.CascadeRouting;
using Cascade.Planning.Estimation;
using Cascade.Planning.Levels;
using Cascade.Planning.Routing;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Fitting;

/// <summary>The strategies that can be fitted on recorded outcomes with nothing but this library.</summary>
public static class FittableStrategies
{
    // One trainer for all who use it, so that it trains once per table.
    private static readonly LogisticTrainer Logistic = new();

    /// <summary>All of them, in the order documentation lists them.</summary>
    public static ImmutableArray<ICascadeStrategy> All { get; } =
    [
        new CascadeRoutingStrategy(),
        new CascadeRoutingStrategy(Logistic),
        new DirectModels(),
        new OptimalCascadeStrategy(),
        new OptimalRoutingStrategy(Logistic),
        new RouterStrategy(new KnnTrainer()),
        new RouterStrategy(Logistic),
        new RouterStrategy(new PerTaskMeanTrainer()),
        new ThresholdPair(),
        new PairwiseEnvelope(),
        new PairwiseEnvelope(new PairOptions { Smooth = true }),
        new FixedChain(),
        new SubsequenceCascade(),
        new FrugalCascade(),
        new ModelCascading(ClassConfidenceKind.MaxProb),
        new ModelCascading(ClassConfidenceKind.DistanceToUniformL1),
        new TokenUncertaintyDeferral(),
        new LearnedDeferral(),
        new AutoMix(),
        new AutoMix(LevelMethod.CompatPomdp),
        new RationalTuning(),
        new EarlyAbstention(),
    ];
}
