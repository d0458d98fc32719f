namespace Cascade.Planning.Sweeps;

/// <summary>A policy of a pair of models.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Threshold">Escalate iff the score is below it: −∞ never, +∞ always; NaN for <see cref="PairPolicyKind.DirectHigh"/>.</param>
public readonly record struct PairPolicy(PairPolicyKind Kind, double Threshold);
