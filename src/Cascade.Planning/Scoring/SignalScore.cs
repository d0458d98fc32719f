using System.Collections.Immutable;

namespace Cascade.Planning.Scoring;

/// <summary>A signal as it is, for thresholds on its own scale.</summary>
public sealed record SignalScore : ScoreModel
{
    /// <summary>The signal's name.</summary>
    public required string Signal { get; init; }

    /// <inheritdoc />
    public override ImmutableArray<string> Inputs => [Signal];

    /// <summary>The score of an answer without the signal, on the signal's scale; null leaves it unscored.</summary>
    public double? WithoutSignal { get; init; }

    /// <inheritdoc />
    public override double Apply(ReadOnlySpan<double> signals) => double.IsNaN(signals[0]) ? WithoutSignal ?? double.NaN : signals[0];
}
