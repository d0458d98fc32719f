using System.Collections.Immutable;

namespace Cascade.Planning.Scoring;

/// <summary>Confidence computed from recorded class probabilities.</summary>
public sealed record ClassScore : ScoreModel
{
    /// <summary>The signals that hold the probabilities, see <see cref="ClassConfidence.SignalPrefix"/>.</summary>
    public required ImmutableArray<string> Classes { get; init; }

    /// <summary>How confidence is read off them.</summary>
    public required ClassConfidenceKind Kind { get; init; }

    /// <inheritdoc />
    public override ImmutableArray<string> Inputs => Classes;

    /// <summary>
    /// The score of an answer without probabilities, usually the mean of the answers that have them, for a distance to the uniform distribution is on no
    /// scale of quality; null leaves it unscored.
    /// </summary>
    public double? WithoutSignal { get; init; }

    /// <inheritdoc />
    public override double Apply(ReadOnlySpan<double> signals)
    {
        var confidence = Confidence(signals);
        return double.IsNaN(confidence) ? WithoutSignal ?? double.NaN : confidence;
    }

    private double Confidence(ReadOnlySpan<double> signals) => Kind switch
    {
        ClassConfidenceKind.MaxProb => ClassConfidence.MaxProb(signals),
        ClassConfidenceKind.DistanceToUniformL1 => ClassConfidence.DistanceToUniformL1(signals),
        ClassConfidenceKind.DistanceToUniformL2 => ClassConfidence.DistanceToUniformL2(signals),
        _ => throw new InvalidOperationException($"{Kind} is no way of reading confidence; give MaxProb, DistanceToUniformL1 or DistanceToUniformL2"),
    };
}
