using System.Collections.Immutable;

namespace Cascade.Planning.Selection;

/// <summary>Which strategy <c>auto</c> chose and why: the whole test, made on the rows to choose on alone.</summary>
public sealed record AutoChoice
{
    /// <summary>The name that stands for the strategy that was chosen.</summary>
    public const string StrategyName = "auto";

    /// <summary>
    /// How the names of strategies end that reproduce a published protocol with its defects. They are fitted and reported for comparison, and never
    /// chosen.
    /// </summary>
    public const string CompatSuffix = "-compat";

    /// <summary>The strategy that was chosen; its operating points are the plan's.</summary>
    public required string Chosen { get; init; }

    /// <summary>The strategy with the highest cross-fitted value.</summary>
    public required string Leader { get; init; }

    /// <summary>Why.</summary>
    public required AutoReason Reason { get; init; }

    /// <summary>The budgets that were looked at, in dollars per request.</summary>
    public required ImmutableArray<double> BudgetsUsd { get; init; }

    /// <summary>λ at each of them, quality per dollar: what spending more or less than planned is priced at.</summary>
    public required ImmutableArray<double> QualityPerUsd { get; init; }

    /// <summary>Rows compared on.</summary>
    public required int Rows { get; init; }

    /// <summary>A simpler strategy is given up when its p-value is at most this.</summary>
    public required double Level { get; init; }

    /// <summary>Every fitted strategy that can be chosen, the simplest first and of equally simple ones the best first: the order in which they are considered.</summary>
    public required ImmutableArray<AutoComparison> Comparisons { get; init; }
}

/// <summary>Why a strategy was chosen.</summary>
public enum AutoReason
{
    /// <summary>Not chosen.</summary>
    None = 0,

    /// <summary>It has the highest value, and each simpler one is worse at the level of the test.</summary>
    Best = 1,

    /// <summary>It is simpler than the one with the highest value and not worse at the level of the test.</summary>
    SimplerAndNotWorse = 2,

    /// <summary>There are too few rows to tell strategies apart; it is the simplest.</summary>
    TooFewRows = 3,
}

/// <summary>A strategy in the test.</summary>
public sealed record AutoComparison
{
    /// <summary>The strategy.</summary>
    public required string Strategy { get; init; }

    /// <summary>How much there is to it; lower is simpler.</summary>
    public required int Complexity { get; init; }

    /// <summary>
    /// Its cross-fitted value: mean over budgets of u − λ(c − planned c) on the rows that did not choose the operating points.
    /// </summary>
    public required double Value { get; init; }

    /// <summary>The leader's value less its own, at least 0.</summary>
    public required double Deficit { get; init; }

    /// <summary>Standard error of the deficit over paired rows.</summary>
    public required double StandardError { get; init; }

    /// <summary>One-sided p-value of "it is no worse than the leader" (paired t-test).</summary>
    public required double PValue { get; init; }

    /// <summary>
    /// The p-value after Holm's correction over all comparisons: at most 0.05 says that the leader is better with 95% confidence, however many
    /// strategies were tried. Shown, not used: it would keep simpler strategies that are worse.
    /// </summary>
    public required double HolmPValue { get; init; }
}
