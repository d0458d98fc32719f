using System.Collections.Immutable;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.Evaluation;

/// <summary>What a strategy delivers on rows that neither fitted nor chose anything.</summary>
public sealed record StrategyReport
{
    /// <summary>The strategy's name.</summary>
    public required string Strategy { get; init; }

    /// <summary>Rows reported on.</summary>
    public required int Rows { get; init; }

    /// <summary>The vertices of the frontier that was chosen, the cheapest first.</summary>
    public required ImmutableArray<OperatingPoint> Points { get; init; }

    /// <summary>What it delivers at each budget, in the order of the budgets.</summary>
    public required ImmutableArray<BudgetReport> Budgets { get; init; }

    /// <summary>Mean quality over budgets between the cheapest and the dearest single model; see <see cref="CurveMetrics.Auc"/>.</summary>
    public required double Auc { get; init; }

    /// <summary>See <see cref="CurveMetrics.Gain"/>; NaN when the best single model is the cheapest.</summary>
    public required double Gain { get; init; }

    /// <summary>See <see cref="CurveMetrics.CostReduction"/> at 0.9; NaN when 90% of the best single model's quality is not reached.</summary>
    public required double CostReduction90 { get; init; }
}

/// <summary>A vertex of the frontier that was chosen, on the rows that chose it and on those that are reported.</summary>
public sealed record OperatingPoint
{
    /// <summary>Index into the strategy's candidates.</summary>
    public required int Candidate { get; init; }

    /// <summary>Mean cost in dollars on the rows that chose it.</summary>
    public required double ChooseCostUsd { get; init; }

    /// <summary>Mean quality on the rows that chose it; the best of many, so rather too high.</summary>
    public required double ChooseQuality { get; init; }

    /// <summary>C: mean cost in dollars.</summary>
    public required double CostUsd { get; init; }

    /// <summary>Its confidence interval.</summary>
    public required Interval CostInterval { get; init; }

    /// <summary>U: mean quality.</summary>
    public required double Quality { get; init; }

    /// <summary>Its confidence interval.</summary>
    public required Interval QualityInterval { get; init; }

    /// <summary>The share of requests on which more than one model was called.</summary>
    public required double EscalationRate { get; init; }

    /// <summary>The share of requests without an answer.</summary>
    public required double AbstentionRate { get; init; }
}

/// <summary>What a strategy delivers at a budget: the mix of two operating points that meets it on the rows to choose on.</summary>
public sealed record BudgetReport
{
    /// <summary>B in dollars per request.</summary>
    public required double BudgetUsd { get; init; }

    /// <summary>How the budget was met on the rows to choose on; infeasible when even the cheapest policy costs more.</summary>
    public required FrontierFit Fit { get; init; }

    /// <summary>Index of the cheaper operating point.</summary>
    public required int LowerPoint { get; init; }

    /// <summary>Index of the dearer operating point; the same when there is nothing to mix.</summary>
    public required int UpperPoint { get; init; }

    /// <summary>γ: the share of requests that follow the dearer one, 0 to 1.</summary>
    public required double UpperShare { get; init; }

    /// <summary>λ in quality per dollar: what one more dollar per request buys on the rows to choose on.</summary>
    public required double QualityPerUsd { get; init; }

    /// <summary>U: mean quality.</summary>
    public required double Quality { get; init; }

    /// <summary>Its confidence interval.</summary>
    public required Interval QualityInterval { get; init; }

    /// <summary>C: mean cost in dollars.</summary>
    public required double CostUsd { get; init; }

    /// <summary>Its confidence interval.</summary>
    public required Interval CostInterval { get; init; }

    /// <summary>C / B: above 1 where the rows to choose on were cheaper than those reported; infinite or NaN at a budget of 0.</summary>
    public double RealisedShare => CostUsd / BudgetUsd;

    /// <summary>The share of requests on which more than one model was called.</summary>
    public required double EscalationRate { get; init; }

    /// <summary>The share of requests without an answer.</summary>
    public required double AbstentionRate { get; init; }
}
