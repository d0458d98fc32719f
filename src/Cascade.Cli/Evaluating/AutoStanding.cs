using Cascade.Planning.Evaluation;

namespace Cascade.Cli.Evaluating;

/// <summary>
/// How the strategy that was chosen stands against those that turned out best: against the one with the highest AUC alone, and against all at once.
/// The first is harder on the choice than it sounds, because that one is picked with hindsight.
/// </summary>
internal sealed record AutoStanding(EvaluatedDataset Data, string Best, PairedDifference[] Pointwise, SimultaneousComparison Simultaneous)
{
    public static AutoStanding Of(EvaluatedDataset data)
    {
        var (plan, best) = (data.Chosen.Strategy, EvaluationTables.Ranked(data.Run)[0].Strategy);
        return new AutoStanding(data, best, plan == best ? [] : [.. data.Run.Compare(plan, best)], data.Run.CompareWithAll(plan));
    }

    public int PointwiseWorse => Pointwise.Count(d => d.IsWorse);

    public int SimultaneouslyWorse => Simultaneous.Worse.Count();

    /// <summary>The difference at the budget where the plan falls farthest behind the strategy with the highest AUC, with both intervals.</summary>
    public (string Pointwise, string Simultaneous) AtItsWorst()
    {
        if (Pointwise.Length == 0)
        {
            return ("–", "–");
        }

        var worst = Pointwise.MinBy(d => d.Value)!;
        var wide = Simultaneous.All.First(d => d.Other == Best && d.BudgetUsd == worst.BudgetUsd);
        return ($"{Numbers.Signed(worst.Value, 3)} ({Range(worst.ValueInterval)})", $"({Range(wide.Interval)})");
    }

    public string Sentence()
    {
        var all = Simultaneous.All.Select(d => d.Other).Distinct().Count();
        var head = $"Over all {all} other strategies and {Data.Run.BudgetsUsd.Length} budgets at once (95% simultaneous, ±{Numbers.Fixed(Simultaneous.Critical, 2)} standard errors), ";
        return SimultaneouslyWorse == 0
            ? head + "the plan is worse than none at any."
            : head + "the plan is worse than "
                + string.Join("; ", Simultaneous.Worse.Select(d => $"{d.Other} at {Data.Cost(d.BudgetUsd)}: {Numbers.Signed(d.Value, 3)} ({Range(d.Interval)})")) + ".";
    }

    private static string Range(Interval interval) => $"{Numbers.Signed(interval.Low, 3)} to {Numbers.Signed(interval.High, 3)}";
}
