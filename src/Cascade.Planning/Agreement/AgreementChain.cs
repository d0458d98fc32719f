using System.Collections.Immutable;

namespace Cascade.Planning.Agreement;

/// <summary>Thresholds of a chain that were found without labels.</summary>
public sealed record AgreementChain
{
    /// <summary>Whether the cost bound could be vouched for; if not, there are no thresholds.</summary>
    public required bool IsFeasible { get; init; }

    /// <summary>One per stage but the last: go on iff the confidence is below it.</summary>
    public required ImmutableArray<double> Thresholds { get; init; }

    /// <summary>The share of search requests answered otherwise than by the strongest model.</summary>
    public required double Disagreement { get; init; }

    /// <summary>The share of calibration requests that cost more than the limit.</summary>
    public required double ExceedanceRate { get; init; }

    /// <summary>What the next request costs at most with probability 1 − α, in dollars, from the calibration requests.</summary>
    public required double CostBoundUsd { get; init; }

    /// <summary>How many settings were vouched for before this one, which is the last of them.</summary>
    public required int Accepted { get; init; }
}
