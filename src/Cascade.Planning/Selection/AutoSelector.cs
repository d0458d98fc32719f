using System.Collections.Immutable;
using Cascade.Planning.Fitting;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.Selection;

/// <summary>
/// Chooses among fitted strategies on the rows to choose on. Each strategy picks its operating points on one half of the rows and is valued on
/// the other, and the other way round, so that a strategy with many candidates is not flattered by the best of them. See
/// docs/design/0008-auto.md.
/// </summary>
internal static class AutoSelector
{
    /// <param name="runs">The strategies; those without a book are passed over.</param>
    /// <param name="secondHalf">The half of each row.</param>
    /// <param name="budgets">The budgets to look at.</param>
    /// <param name="options">The level and the fewest rows.</param>
    public static AutoChoice Choose(
        ImmutableArray<StrategyFitting> runs, bool[] secondHalf, ImmutableArray<double> budgets, PipelineOptions options)
    {
        var fitted = runs.Where(r => r.Book is not null).ToArray();
        var prices = Prices(fitted, budgets);
        var hasHalves = secondHalf.Contains(true) && secondHalf.Contains(false);
        if (secondHalf.Length < options.FewestChooseRows || !hasHalves)
        {
            var simplest = fitted.MinBy(f => f.Run.Complexity)!.Run.Strategy;
            return Result(simplest, simplest, AutoReason.TooFewRows, []);
        }

        var values = Array.ConvertAll(fitted, f => Values(f.Book!, secondHalf, budgets, prices));
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
            QualityPerUsd = [.. prices],
            Rows = secondHalf.Length,
            Level = options.GiveUpSimplerLevel,
            Comparisons = comparisons,
        };
    }

    /// <summary>λ at each budget on the hull of all strategies together: one price for all, or their values could not be compared.</summary>
    private static double[] Prices(StrategyFitting[] fitted, ImmutableArray<double> budgets)
    {
        var all = CostFrontier.Of(fitted.SelectMany(f => f.Book!.Frontier.Vertices).ToArray());
        return [.. budgets.Select(b => all.AtBudget(b)).Select(c => double.IsInfinity(c.QualityPerUsd) ? FirstPrice(all) : c.QualityPerUsd)];
    }

    private static double FirstPrice(CostFrontier frontier) => frontier.Prices.IsEmpty ? 0 : frontier.Prices[0];

    /// <summary>
    /// Per row, the mean over budgets of u − λ(c − planned c). The planned cost is that of the mix on the half that chose it, at most the budget: what
    /// a strategy overspends where it did not choose costs it quality at the going price.
    /// </summary>
    private static double[] Values(CandidateBook book, bool[] secondHalf, ImmutableArray<double> budgets, double[] prices)
    {
        var values = new double[secondHalf.Length];
        for (var choosing = 0; choosing < 2; choosing++)
        {
            for (var b = 0; b < budgets.Length; b++)
            {
                var choice = book.Halves[choosing].AtBudget(budgets[b]);
                var planned = Math.Min(choice.CostUsd, budgets[b]);
                var (lower, upper) = (book[choice.Lower.Policy], book[choice.Upper.Policy]);
                for (var row = 0; row < values.Length; row++)
                {
                    if (secondHalf[row] == (choosing == 0))
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
