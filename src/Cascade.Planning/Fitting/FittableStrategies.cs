using System.Collections.Immutable;
using Cascade.Planning.Levels;

namespace Cascade.Planning.Fitting;

/// <summary>The strategies that can be fitted on recorded outcomes with nothing but this library.</summary>
public static class FittableStrategies
{
    /// <summary>All of them, in the order documentation lists them.</summary>
    public static ImmutableArray<ICascadeStrategy> All { get; } =
    [
        new DirectModels(),
        new TokenUncertaintyDeferral(),
        new LearnedDeferral(),
        new AutoMix(),
        new AutoMix(LevelMethod.CompatPomdp),
        new RationalTuning(),
        new EarlyAbstention(),
    ];
}
