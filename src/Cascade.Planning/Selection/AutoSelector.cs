using System.Collections.Immutable;
using Cascade.Planning.Fitting;

namespace Cascade.Planning.Selection;

/// <summary>
/// Chooses among fitted strategies on the rows to choose on. Each strategy picks its operating points on all parts of the rows but one and is valued
/// on that one, for each part in turn, so that a strategy with many candidates is not flattered by the best of them. See
/// docs/design/0008-auto.md.
/// </summary>
internal static class AutoSelector
{
    /// <param name="runs">The strategies; those without a book and compatibility modes are passed over.</param>
    /// <param name="parts">The part of each row.</param>
    /// <param name="budgets">The budgets to look at.</param>
    /// <param name="options">The level and the fewest rows.</param>
    public static AutoChoice Choose(
        ImmutableArray<StrategyFitting> runs, RowParts parts, ImmutableArray<double> budgets, PipelineOptions options)
    {
        var fitted = runs.Where(r => r.Book is not null && !r.Run.Strategy.EndsWith(AutoChoice.CompatSuffix, StringComparison.Ordinal)).ToArray();
        var prices = BudgetGrid.Prices(runs, budgets);
        if (parts.Of.Length < options.FewestChooseRows || parts.Sizes.Max() == parts.Of.Length)
        {
            var simplest = fitted.MinBy(f => f.Run.Complexity)!.Run.Strategy;
            return Result(simplest, simplest, AutoReason.TooFewRows, []);
        }

        var values = Array.ConvertAll(fitted, f => Values(f.Book!, parts, budgets, prices));
        var means = Array.ConvertAll(values, v => v.Average());
        var leader = Enumerable.Range(0, fitted.Length).OrderByDescending(i => means[i]).ThenBy(i => fitted[i].Run.Complexity).First();
        var tests = Array.ConvertAll(values, v => PairedTest.Of(values[leader], v));
        var holm = PairedTest.Holm([.. tests.Where((_, i) => i != leader).Select(t => t.PValue)]);
        var comparisons = Enumerable.Range(0, fitted.Length)
            .OrderBy(i => fitted[i].Run.Complexity).ThenByDescending(i => means[i]).ThenBy(i => i)
            .Select(i => new AutoComparison
            {
                Strategy = fitted[i].Run.Strategy,
                Complexity = fitted[i].Run.Complexity,
                Value = means[i],
                Deficit = tests[i].Mean,
                StandardError = tests[i].StandardError,
                PValue = tests[i].PValue,
                HolmPValue = i == leader ? 1 : holm[i < leader ? i : i - 1],
            })
            .ToImmutableArray();
        var first = fitted[leader].Run.Strategy;
        var chosen = comparisons.First(c => c.PValue > options.GiveUpSimplerLevel || c.Strategy == first).Strategy;
        return Result(chosen, first, chosen == first ? AutoReason.Best : AutoReason.SimplerAndNotWorse, comparisons);

        AutoChoice Result(string chosen, string leader, AutoReason reason, ImmutableArray<AutoComparison> comparisons) => new()
        {
            Chosen = chosen,
            Leader = leader,
            Reason = reason,
            BudgetsUsd = budgets,
            QualityPerUsd = prices,
            Rows = parts.Of.Length,
            Level = options.GiveUpSimplerLevel,
            Comparisons = comparisons,
        };
    }

    /// <summary>
    /// Per row, the mean over budgets of u − λ(c − planned c). The planned cost is that of the mix on the rows that chose it, at most the budget: what
    /// a strategy overspends where it did not choose costs it quality at the going price.
    /// </summary>
    private static double[] Values(CandidateBook book, RowParts parts, ImmutableArray<double> budgets, ImmutableArray<double> prices)
    {
        var values = new double[parts.Of.Length];
        for (var part = 0; part < parts.Count; part++)
        {
            for (var b = 0; b < budgets.Length; b++)
            {
                var choice = book.Without[part].AtBudget(budgets[b]);
                var planned = Math.Min(choice.CostUsd, budgets[b]);
                var (lower, upper) = (book[choice.Lower.Policy], book[choice.Upper.Policy]);
                for (var row = 0; row < values.Length; row++)
                {
                    if (parts.Of[row] == part)
                    {
                        var quality = Mix(lower.Quality[row], upper.Quality[row], choice.UpperShare);
                        var cost = Mix(lower.CostUsd[row], upper.CostUsd[row], choice.UpperShare);
                        values[row] += (quality - (prices[b] * (cost - planned))) / budgets.Length;
                    }
                }
            }
        }

        return values;
    }

    private static double Mix(double lower, double upper, double share) => lower + (share * (upper - lower));
}
