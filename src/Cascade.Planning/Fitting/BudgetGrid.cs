using System.Collections.Immutable;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.Fitting;

/// <summary>The budgets that are looked at.</summary>
internal static class BudgetGrid
{
    /// <summary>
    /// Those asked for, or k between the mean costs of the cheapest and the dearest model on the rows to choose on, lowest·(highest/lowest)^{i/(k+1)}: at
    /// equal ratios, because models differ by factors. The ends themselves leave nothing to choose. A free model is left out of the ends.
    /// </summary>
    public static ImmutableArray<double> Of(SplitOutcomes outcomes, PipelineOptions options)
    {
        List<double> budgets = options.BudgetsUsd.IsDefaultOrEmpty ? Spread(outcomes, options.DefaultBudgets) : [.. options.BudgetsUsd];
        if (options.TargetBudgetUsd is { } target)
        {
            budgets.Add(target);
        }

        return [.. budgets.Distinct().Order()];
    }

    /// <summary>
    /// λ at each budget on the hull of all strategies together: one price for all, or their values could not be compared. Below the cheapest policy
    /// the price of its first step holds.
    /// </summary>
    public static ImmutableArray<double> Prices(ImmutableArray<StrategyFitting> fittings, ImmutableArray<double> budgets)
    {
        var all = CostFrontier.Of(fittings.Where(f => f.Book is not null).SelectMany(f => f.Book!.Frontier.Vertices).ToArray());
        var first = all.Prices.IsEmpty ? 0 : all.Prices[0];
        return [.. budgets.Select(b => Math.Min(first, all.AtBudget(b).QualityPerUsd))];
    }

    private static List<double> Spread(SplitOutcomes outcomes, int count)
    {
        var table = outcomes.Choose;
        var costs = Enumerable.Range(0, table.ModelCount).Select(m => Mean(table.CostUsd(m))).ToArray();
        var paid = costs.Where(c => c > 0).DefaultIfEmpty(0).ToArray();
        var (low, high) = (paid.Min(), paid.Max());
        return high > low
            ? [.. Enumerable.Range(1, count).Select(i => low * Math.Pow(high / low, (double)i / (count + 1)))]
            : [high];
    }

    private static double Mean(ReadOnlySpan<double> column)
    {
        var sum = 0.0;
        foreach (var value in column)
        {
            sum += value;
        }

        return sum / column.Length;
    }
}
