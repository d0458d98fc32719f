using System.Collections.Immutable;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.Evaluation;

/// <summary>What every strategy is held against, on the rows to report on. The mixes of single models are the report of the strategy single-model.</summary>
public sealed record ReferenceLines
{
    /// <summary>Every model alone, by model; a point's policy is the model.</summary>
    public required ImmutableArray<FrontierPoint> Singles { get; init; }

    /// <summary>The model with the highest quality on the rows to choose on, of equals the cheapest, with what it delivers on the rows to report on.</summary>
    public required FrontierPoint BestSingle { get; init; }

    /// <summary>Confidence interval of its quality.</summary>
    public required Interval BestSingleQuality { get; init; }

    /// <summary>
    /// The best that one call per query could deliver if its outcome were known beforehand, see <see cref="HindsightOracle"/>. Unreachable: it looks
    /// at the rows to report on.
    /// </summary>
    public required ImmutableArray<FrontierPoint> UnreachableOracle { get; init; }

    /// <summary>The unreachable oracle's quality at each budget.</summary>
    public required ImmutableArray<double> UnreachableOracleAtBudgets { get; init; }
}
