using System.Collections.Immutable;

namespace Cascade.Planning.Plans;

/// <summary>An operating point of a plan.</summary>
public sealed record PlanPoint
{
    /// <summary>The policy.</summary>
    public required PolicySpec Policy { get; init; }

    /// <summary>λ in quality per dollar that the policy decides with; 0 for policies that ignore it.</summary>
    public required double Price { get; init; }

    /// <summary>Index into <see cref="PlanDocument.ScoreSets"/> of how answers are scored; null for <see cref="PlanDocument.ScoreModels"/>.</summary>
    public required int? ScoreSet { get; init; }

    /// <summary>Mean cost per request in dollars on the rows to choose on.</summary>
    public required PlanFigure CostUsd { get; init; }

    /// <summary>Mean quality on the rows to choose on; the best of many, so rather too high.</summary>
    public required PlanFigure Quality { get; init; }

    /// <summary>Share of requests on which more than one model was called, 0 to 1.</summary>
    public required double EscalationRate { get; init; }

    /// <summary>Share of requests without an answer, 0 to 1.</summary>
    public required double AbstentionRate { get; init; }
}

/// <summary>A mean with its 95% interval.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">The lower end; NaN when there is no interval.</param>
/// <param name="High">The upper end; NaN when there is no interval.</param>
public sealed record PlanFigure(double Mean, double Low, double High);

/// <summary>The price to begin with at a budget.</summary>
/// <param name="BudgetUsd">ρ in dollars per request, at least 0.</param>
/// <param name="Price">λ* in quality per dollar, at least 0.</param>
public sealed record PlanWarmStart(double BudgetUsd, double Price);

/// <summary>Where the best pair of models changes.</summary>
/// <param name="CostUsd">The mean cost per request at which it does, in dollars.</param>
/// <param name="Before">Indexes of the models of the pair that is best below.</param>
/// <param name="After">Indexes of the models of the pair that is best above.</param>
public sealed record PlanSwitch(double CostUsd, ImmutableArray<int> Before, ImmutableArray<int> After);

/// <summary>What the points delivered on rows that neither fitted nor chose anything.</summary>
/// <param name="Rows">Rows reported on, at least 1.</param>
/// <param name="Points">One per point of the plan, in the same order.</param>
public sealed record PlanReport(int Rows, ImmutableArray<PlanReportPoint> Points);

/// <summary>What a point delivered.</summary>
/// <param name="CostUsd">Mean cost per request in dollars.</param>
/// <param name="Quality">Mean quality.</param>
/// <param name="EscalationRate">Share of requests on which more than one model was called, 0 to 1.</param>
/// <param name="AbstentionRate">Share of requests without an answer, 0 to 1.</param>
public sealed record PlanReportPoint(PlanFigure CostUsd, PlanFigure Quality, double EscalationRate, double AbstentionRate);
