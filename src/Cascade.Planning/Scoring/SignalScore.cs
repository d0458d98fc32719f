using System.Collections.Immutable;

namespace Cascade.Planning.Scoring;

/// <summary>A signal as it is, for thresholds on its own scale.</summary>
public sealed record SignalScore : ScoreModel
{
    /// <summary>The signal's name.</summary>
    public required string Signal { get; init; }

    /// <inheritdoc />
    public override ImmutableArray<string> Inputs => [Signal];

    /// <inheritdoc />
    public override double Apply(ReadOnlySpan<double> signals) => signals[0];
}
