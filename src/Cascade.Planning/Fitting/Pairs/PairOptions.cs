namespace Cascade.Planning.Fitting;

/// <summary>How pairs of models are fitted.</summary>
public sealed record PairOptions
{
    /// <summary>
    /// A pair never escalates when its <see cref="PairEvidence.BenefitAuroc"/> is at most this, 0 to 1; its two models stay on their own. Below 0
    /// rules out nothing. Default 0.55.
    /// </summary>
    public double NoBenefitAuroc { get; init; } = 0.55;

    /// <summary>
    /// Fits thresholds on the isotonic benefit and a cost of escalation linear in the score, in place of the outcomes as they were recorded.
    /// Follows the noise of few rows less. Default false.
    /// </summary>
    public bool Smooth { get; init; }
}
