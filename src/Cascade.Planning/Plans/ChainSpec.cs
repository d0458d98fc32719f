using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Policies;

namespace Cascade.Planning.Plans;

/// <summary>
/// Models one after the other: an answer that scores below its stage's threshold is not accepted, and the next model is called. One model is a
/// direct call, two are a threshold pair. The last model's answer is accepted unless it is abstained from.
/// </summary>
public sealed record ChainSpec : PolicySpec
{
    /// <summary>The models in the order they are tried; at least one, none twice.</summary>
    public required ImmutableArray<int> Models { get; init; }

    /// <summary>τ of every stage but the last: go on iff the score is below it. −∞ always accepts, +∞ never does.</summary>
    public ImmutableArray<double> Thresholds { get; init; } = [];

    /// <summary>Abstain at a stage iff the score is at most this, one per stage; empty never abstains. At most the stage's threshold.</summary>
    public ImmutableArray<double> AbstainAtMost { get; init; } = [];

    /// <summary>A direct call.</summary>
    /// <param name="model">The model.</param>
    /// <returns>The policy.</returns>
    public static ChainSpec Direct(int model) => new() { Models = [model] };

    /// <summary>A threshold pair.</summary>
    /// <param name="low">The model that drafts.</param>
    /// <param name="high">The model that answers again.</param>
    /// <param name="threshold">Escalate iff the draft's score is below it.</param>
    /// <returns>The policy.</returns>
    public static ChainSpec Pair(int low, int high, double threshold) => new() { Models = [low, high], Thresholds = [threshold] };

    /// <inheritdoc />
    public override IDecisionPolicy Compile(ImmutableArray<ModelProfile> models) => new ThresholdChainPolicy(models, this);
}
