using System.Collections.Immutable;

namespace Cascade.Planning.Scoring;

/// <summary>A signal as it is, for thresholds on its own scale.</summary>
public sealed record SignalScore : ScoreModel
{
    /// <summary>The signal's name.</summary>
    public required string Signal { get; init; }

    /// <summary>
    /// The score of an answer that came without its signals, on the scale of the others; NaN for none, and a policy then takes the model's mean
    /// quality, which only fits scores that are probabilities of being right.
    /// </summary>
    public double WithoutSignal { get; init; } = double.NaN;

    /// <inheritdoc />
    public override ImmutableArray<string> Inputs => [Signal];

    /// <inheritdoc />
    public override double Apply(ReadOnlySpan<double> signals) => double.IsNaN(signals[0]) ? WithoutSignal : signals[0];
}
