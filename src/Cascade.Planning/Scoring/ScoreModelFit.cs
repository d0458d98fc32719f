using System.Collections.Immutable;

namespace Cascade.Planning.Scoring;

/// <summary>The score model of one model, and what it was chosen from.</summary>
public sealed record ScoreModelFit
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The score model; null when no signal ranks the model's answers.</summary>
    public CalibratedScore? Score { get; init; }

    /// <summary>The signals that were tried, in the table's order.</summary>
    public required ImmutableArray<SignalTrial> Signals { get; init; }

    /// <summary>The calibrators that were tried on the signal in use; empty without one.</summary>
    public ImmutableArray<CalibratorTrial> Calibrators { get; init; } = [];
}

/// <summary>A calibrator that was tried.</summary>
/// <param name="Form">How the signal was brought to 0 to 1.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsUsed">Whether it is the one in use.</param>
/// <param name="LogLoss">Cross-validated mean log loss in nats; NaN when too few rows were there to compare.</param>
/// <param name="StandardError">Standard error of the paired difference to the lowest log loss; 0 for the lowest, NaN when not compared.</param>
public sealed record CalibratorTrial(SignalForm Form, CalibratorKind Kind, bool IsUsed, double LogLoss, double StandardError);
