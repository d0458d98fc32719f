using System.Collections.Immutable;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.Fitting;

/// <summary>What became of a strategy.</summary>
public enum StrategyStatus
{
    /// <summary>Not tried.</summary>
    None = 0,

    /// <summary>It was fitted, evaluated and reported.</summary>
    Fitted = 1,

    /// <summary>The outcomes do not suit it; the reason says why.</summary>
    Unfit = 2,

    /// <summary>It, or a policy it offered, threw; the reason says what. A fault of the strategy, not of the outcomes.</summary>
    Failed = 3,
}

/// <summary>A strategy in a fit.</summary>
public sealed record StrategyRun
{
    /// <summary>The strategy's name.</summary>
    public required string Strategy { get; init; }

    /// <summary>The strategy's <see cref="ICascadeStrategy.Complexity"/>.</summary>
    public required int Complexity { get; init; }

    /// <summary>What became of it.</summary>
    public required StrategyStatus Status { get; init; }

    /// <summary>Why it is unfit or failed; null when it was fitted.</summary>
    public string? Reason { get; init; }

    /// <summary>What it offers; null unless fitted.</summary>
    public FittedStrategy? Fitted { get; init; }

    /// <summary>
    /// The hull of its candidates on the rows to choose on; a vertex's policy is its candidate's index. Null unless fitted. This is what a plan
    /// serves: <see cref="CostFrontier.AtBudget"/> and <see cref="CostFrontier.AtFloor"/> answer in its candidates.
    /// </summary>
    public CostFrontier? Frontier { get; init; }

    /// <summary>What that delivers on the rows to report on; null unless fitted.</summary>
    public StrategyReport? Report { get; init; }

    /// <summary>Quality and cost on each row to report on, by budget; what comparisons are made of.</summary>
    internal ImmutableArray<MixedRows> ReportRows { get; init; } = [];
}
