namespace Cascade.Planning.Agreement;

/// <summary>One model of a chain on unlabelled requests: columns of equal length, one value per request.</summary>
public sealed class AgreementStage
{
    /// <summary>
    /// How sure the model is, usually the share of its self-consistency samples that give the majority answer, within ±1e100. Not read at the last stage,
    /// where it may be empty.
    /// </summary>
    public ReadOnlyMemory<double> Confidence { get; init; }

    /// <summary>Whether the model's answer is the strongest model's: 1 or 0. Not read at the last stage, which is the strongest, nor for calibration rows.</summary>
    public ReadOnlyMemory<double> Agrees { get; init; }

    /// <summary>What the model's call costs in dollars, with all its samples.</summary>
    public required ReadOnlyMemory<double> CostUsd { get; init; }
}
