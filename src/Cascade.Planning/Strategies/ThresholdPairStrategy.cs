using Cascade.Planning.Decisions;
using Cascade.Planning.Policies;

namespace Cascade.Planning.Strategies;

/// <summary>
/// A cheap model drafts; a strong one answers again when the draft scores below the threshold and the expected gain is worth its price.
/// </summary>
/// <remarks>
/// <para>
/// There are exactly two quality stages: model 0 drafts, model 1 is the strong one. Any further model only stands in for the strong one when
/// that failed or could not be paid for; a poor score of the strong model's answer calls nobody. A chain of more quality stages would need one
/// fitted threshold per stage, because the value of going on depends on the stages still ahead; one shared threshold has no such meaning.
/// </para>
/// <para>
/// Escalation follows the Lagrangian of <c>max E[quality] − λ·E[cost]</c>: with <c>s</c> the draft's calibrated score, escalate if and only if
/// <c>s &lt; threshold</c> and <c>max(0, quality − s) &gt; λ · cost</c> of the model to be called.
/// </para>
/// </remarks>
public sealed class ThresholdPairStrategy : IConfigurableStrategy
{
    /// <summary>The name that configuration uses.</summary>
    public const string StrategyName = "threshold-pair";

    /// <inheritdoc />
    public string Name => StrategyName;

    /// <inheritdoc />
    public IDecisionPolicy Fit(StrategyInput input)
    {
        StrategyInputCheck.Require(input, StrategyName, fewest: 2, most: StrategyInputCheck.MostModels);
        return new ThresholdPairPolicy([.. input.Models], input.Threshold);
    }
}
