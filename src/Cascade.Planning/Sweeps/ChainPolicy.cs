using System.Collections.Immutable;

namespace Cascade.Planning.Sweeps;

/// <summary>Thresholds of a chain of models and what they deliver on the rows they were fitted on.</summary>
/// <param name="Thresholds">
/// One per stage but the last: go on iff the stage's score is below it. −∞ always stops there, +∞ never does.
/// </param>
/// <param name="CostUsd">C: mean cost per request in dollars, all models that ran.</param>
/// <param name="Quality">U: mean quality per request of the answers that are returned.</param>
/// <param name="Value">U − λC at the price it was fitted for.</param>
public sealed record ChainPolicy(ImmutableArray<double> Thresholds, double CostUsd, double Quality, double Value);
