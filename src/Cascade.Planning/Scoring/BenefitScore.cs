using System.Collections.Immutable;
using Cascade.Planning.Calibration;

namespace Cascade.Planning.Scoring;

/// <summary>
/// A learned post-hoc deferral rule (Gupta et al., arXiv 2404.10136, section 4): what escalating this answer to one certain strong model is expected to
/// gain, b̂ = E[u_H − u_L | signals], as a score (1 − b̂)/2 that is low where escalating helps. Belongs to one pair of models.
/// </summary>
public sealed record BenefitScore : ScoreModel
{
    /// <summary>How signals become numbers.</summary>
    public required SignalFeatures Features { get; init; }

    /// <summary>One weight per number, the intercept last.</summary>
    public required ImmutableArray<double> Weights { get; init; }

    /// <summary>Whether the weighted sum is the log-odds of "the strong model is right and the draft is not" instead of the benefit itself.</summary>
    public required bool IsLogistic { get; init; }

    /// <inheritdoc />
    public override ImmutableArray<string> Inputs => Features.Signals;

    /// <inheritdoc />
    /// <returns>0 (escalating surely helps) to 1 (it surely harms), ½ where it changes nothing.</returns>
    public override double Apply(ReadOnlySpan<double> signals)
    {
        Span<double> features = Features.Count <= 256 ? stackalloc double[Features.Count] : new double[Features.Count];
        Features.Write(signals, features);
        return Of(Weights.AsSpan(), features, IsLogistic);
    }

    internal static double Of(ReadOnlySpan<double> weights, ReadOnlySpan<double> features, bool isLogistic)
    {
        var sum = weights[^1];
        for (var i = 0; i < weights.Length - 1; i++)
        {
            sum += weights[i] * features[i];
        }

        return (1 - Math.Clamp(isLogistic ? LogisticRegression.Sigmoid(sum) : sum, -1, 1)) / 2;
    }
}
