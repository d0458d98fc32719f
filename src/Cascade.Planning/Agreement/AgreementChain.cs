using System.Collections.Immutable;

namespace Cascade.Planning.Agreement;

/// <summary>Thresholds of a chain that were found without labels.</summary>
public sealed record AgreementChain
{
    /// <summary>Whether P(cost &gt; limit) ≤ α could be vouched for, to 1 − δ; if not, there are no thresholds.</summary>
    public required bool IsFeasible { get; init; }

    /// <summary>One per stage but the last: go on iff the confidence is below it.</summary>
    public required ImmutableArray<double> Thresholds { get; init; }

    /// <summary>The share of search requests answered otherwise than by the strongest model.</summary>
    public required double Disagreement { get; init; }

    /// <summary>The share of calibration requests that cost more than the limit.</summary>
    public required double ExceedanceRate { get; init; }

    /// <summary>
    /// The ⌈(n + 1)(1 − α)⌉-th smallest cost of the calibration requests, in dollars; +∞ when there are too few of them. It describes these requests and
    /// promises nothing of the next: they chose the thresholds. What is vouched for is the limit, and <see cref="ConformalCostBound"/> on requests
    /// that chose nothing bounds the next one.
    /// </summary>
    public required double EmpiricalCostUsd { get; init; }

    /// <summary>How many settings were vouched for before this one, which is the last of them.</summary>
    public required int Accepted { get; init; }
}
