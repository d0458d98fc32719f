using System.Collections.Immutable;
using Cascade.Cli.Outcomes;
using Cascade.Cli.Plans;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Frontier;
using Cascade.Planning.Plans;

namespace Cascade.Cli.Fitting;

/// <summary>A fit as JSON.</summary>
internal sealed record FitView
{
    public required string Dataset { get; init; }

    public required bool CostsAreDollars { get; init; }

    public required RowCounts Rows { get; init; }

    public required ImmutableArray<string> Models { get; init; }

    public required ImmutableArray<double> BudgetsUsd { get; init; }

    public required string Chosen { get; init; }

    public required string Why { get; init; }

    public required ImmutableArray<StrategyView> Strategies { get; init; }

    public ServedPoint? Served { get; init; }

    public static FitView Of(LoadedOutcomes outcomes, FitRequest request, FitRun run, PlanDocument plan) => new()
    {
        Dataset = outcomes.Name,
        CostsAreDollars = outcomes.CostsAreDollars,
        Rows = RowCounts.Of(run),
        Models = [.. run.Context.Models.Select(m => m.Name)],
        BudgetsUsd = run.BudgetsUsd,
        Chosen = plan.Strategy,
        Why = PlanMaking.WhyOf(request, run),
        Strategies = [.. run.Strategies.Select(s => StrategyView.Of(run, s))],
        Served = PlanServing.At(plan, request.BudgetUsd, request.Floor, null),
    };
}

/// <summary>Rows of the three parts, and rows that some model has no outcome on.</summary>
internal sealed record RowCounts(int Fit, int Choose, int Report, int LeftOut)
{
    public static RowCounts Of(FitRun run) =>
        new(run.Outcomes.Fit.RowCount, run.Outcomes.Choose.RowCount, run.Outcomes.Report.RowCount, run.Outcomes.LeftOut);
}

/// <summary>A strategy and what it delivers.</summary>
internal sealed record StrategyView
{
    public required string Strategy { get; init; }

    public required StrategyStatus Status { get; init; }

    public string? Reason { get; init; }

    public double? Auc { get; init; }

    public double? Gain { get; init; }

    public double? CostReduction90 { get; init; }

    /// <summary>Of being no worse than the leader; null for the leader itself.</summary>
    public double? PValue { get; init; }

    public double? HolmPValue { get; init; }

    public ImmutableArray<BudgetView> Budgets { get; init; } = [];

    public static StrategyView Of(FitRun run, StrategyRun strategy)
    {
        var test = run.Auto.Comparisons.FirstOrDefault(c => c.Strategy == strategy.Strategy && c.Strategy != run.Auto.Leader);
        return new StrategyView
        {
            Strategy = strategy.Strategy,
            Status = strategy.Status,
            Reason = strategy.Reason,
            Auc = Known(strategy.Report?.Auc),
            Gain = Known(strategy.Report?.Gain),
            CostReduction90 = Known(strategy.Report?.CostReduction90),
            PValue = Known(test?.PValue),
            HolmPValue = Known(test?.HolmPValue),
            Budgets = [.. (strategy.Report?.Budgets ?? []).Select(BudgetView.Of)],
        };
    }

    private static double? Known(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}

/// <summary>What a strategy delivers at a budget.</summary>
internal sealed record BudgetView(
    double BudgetUsd, FrontierFit Fit, double Quality, Interval QualityInterval, double CostUsd, double RealisedShare, double EscalationRate, double AbstentionRate)
{
    public static BudgetView Of(BudgetReport budget) => new(
        budget.BudgetUsd, budget.Fit, budget.Quality, budget.QualityInterval, budget.CostUsd, budget.RealisedShare, budget.EscalationRate, budget.AbstentionRate);
}
