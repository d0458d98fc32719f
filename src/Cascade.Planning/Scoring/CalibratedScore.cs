using System.Collections.Immutable;

namespace Cascade.Planning.Scoring;

/// <summary>One confidence signal, calibrated to P(answer is right).</summary>
public sealed record CalibratedScore : ScoreModel
{
    /// <summary>The signal's name.</summary>
    public required string Signal { get; init; }

    /// <summary>How the signal is brought to 0 to 1.</summary>
    public required SignalRange Range { get; init; }

    /// <summary>How what was brought to 0 to 1 becomes a probability.</summary>
    public required CalibrationMap Map { get; init; }

    /// <summary>P(answer is right) when the answer came without the signal, 0 to 1.</summary>
    public required double WithoutSignal { get; init; }

    /// <inheritdoc />
    public override ImmutableArray<string> Inputs => [Signal];

    /// <inheritdoc />
    public override double Apply(ReadOnlySpan<double> signals) => double.IsNaN(signals[0]) ? WithoutSignal : Map.Apply(Range.Apply(signals[0]));
}
