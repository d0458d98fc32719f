using System.Collections.Immutable;

namespace Cascade.Planning.Scoring;

/// <summary>Confidence computed from recorded class probabilities.</summary>
public sealed record ClassScore : ScoreModel
{
    /// <summary>The signals that hold the probabilities, see <see cref="ClassConfidence.SignalPrefix"/>.</summary>
    public required ImmutableArray<string> Classes { get; init; }

    /// <summary>How confidence is read off them.</summary>
    public required ClassConfidenceKind Kind { get; init; }

    /// <summary>
    /// The score of an answer that came without its signals, on the scale of the others; NaN for none, and a policy then takes the model's mean
    /// quality, which only fits scores that are probabilities of being right.
    /// </summary>
    public double WithoutSignal { get; init; } = double.NaN;

    /// <inheritdoc />
    public override ImmutableArray<string> Inputs => Classes;

    /// <inheritdoc />
    public override double Apply(ReadOnlySpan<double> signals) => Confidence(signals) is var score && double.IsNaN(score) ? WithoutSignal : score;

    private double Confidence(ReadOnlySpan<double> signals) => Kind switch
    {
        ClassConfidenceKind.MaxProb => ClassConfidence.MaxProb(signals),
        ClassConfidenceKind.DistanceToUniformL1 => ClassConfidence.DistanceToUniformL1(signals),
        ClassConfidenceKind.DistanceToUniformL2 => ClassConfidence.DistanceToUniformL2(signals),
        _ => throw new InvalidOperationException($"{Kind} is no way of reading confidence; give MaxProb, DistanceToUniformL1 or DistanceToUniformL2"),
    };
}
