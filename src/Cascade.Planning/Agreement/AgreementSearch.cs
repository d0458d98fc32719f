using System.Collections.Immutable;
using Cascade.Planning.Calibration;

namespace Cascade.Planning.Agreement;

/// <summary>
/// Thresholds without labels (C3PO, arXiv 2511.07396): the loss is disagreement with the strongest model of the chain, the constraint a limit on what
/// one request costs. Thresholds are searched on one set of requests; another set alone decides which of them are vouched for.
/// </summary>
/// <remarks>
/// The published search scans all thresholds on the set that calibrates the cost, which voids the guarantee. Here the search set orders the settings
/// that are worth having from cheap to dear, and the calibration set accepts along that fixed order (Learn then Test, arXiv 2110.01052) for as
/// long as P(cost &gt; limit) ≤ α is certain to 1 − δ: the last one accepted disagrees least.
/// </remarks>
public static class AgreementSearch
{
    /// <summary>Most settings that are tried; a finer grid or a longer chain is refused.</summary>
    public const int MaxSettings = 100_000;

    /// <summary>The published grid: 6 thresholds from 0 to 1.1, where 1.1 always goes on.</summary>
    public static ImmutableArray<double> PublishedGrid { get; } = [0, 0.22, 0.44, 0.66, 0.88, 1.1];

    /// <summary>Searches.</summary>
    /// <param name="search">The chain on the requests that the search sees.</param>
    /// <param name="calibration">The same chain on other requests.</param>
    /// <param name="grid">The thresholds tried at every stage, increasing.</param>
    /// <param name="limitUsd">What a request may cost, in dollars.</param>
    /// <param name="alpha">α: the share of requests that may cost more, above 0 and below 1.</param>
    /// <param name="delta">δ: the probability that the share is larger after all, above 0 and below 1.</param>
    /// <returns>The thresholds; not feasible when not even the cheapest setting can be vouched for.</returns>
    /// <exception cref="ArgumentException">A column or a number is not as described; the message names each.</exception>
    public static AgreementChain Find(
        IReadOnlyList<AgreementStage> search,
        IReadOnlyList<AgreementStage> calibration,
        ImmutableArray<double> grid,
        double limitUsd,
        double alpha,
        double delta)
    {
        var rows = Require(search, needsAgreement: true, nameof(search));
        var calibrationRows = Require(calibration, needsAgreement: false, nameof(calibration));
        if (search.Count != calibration.Count)
        {
            throw new ArgumentException($"{search.Count} and {calibration.Count} stages; give the same chain twice", nameof(calibration));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(limitUsd);
        RequireGrid(grid, search.Count);
        var index = ConformalCostBound.Index(rows, alpha);
        var path = Path(search, rows, grid, Math.Min(index, rows));
        var costs = new double[calibrationRows];
        var pValues = new double[path.Count];
        for (var i = 0; i < pValues.Length; i++)
        {
            pValues[i] = LearnThenTest.BinomialPValue(Exceeding(calibration, path[i].Thresholds, costs, limitUsd), calibrationRows, alpha);
        }

        var accepted = LearnThenTest.FixedSequence(pValues, delta);
        if (accepted == 0)
        {
            return new AgreementChain
            {
                IsFeasible = false,
                Thresholds = [],
                Disagreement = double.NaN,
                ExceedanceRate = double.NaN,
                EmpiricalCostUsd = double.PositiveInfinity,
                Accepted = 0,
            };
        }

        var chosen = path[accepted - 1];
        var exceeding = Exceeding(calibration, chosen.Thresholds, costs, limitUsd);
        return new AgreementChain
        {
            IsFeasible = true,
            Thresholds = [.. chosen.Thresholds],
            Disagreement = chosen.Disagreement,
            ExceedanceRate = exceeding / (double)calibrationRows,
            EmpiricalCostUsd = ConformalCostBound.Of(costs, alpha),
            Accepted = accepted,
        };
    }

    /// <summary>The settings that no other beats in disagreement without a higher bound on cost, the cheapest first.</summary>
    private static List<(double[] Thresholds, double Disagreement)> Path(
        IReadOnlyList<AgreementStage> stages, int rows, ImmutableArray<double> grid, int index)
    {
        var settings = new List<(double[] Thresholds, double Disagreement, double Bound, double Mean)>();
        var costs = new double[rows];
        var digits = new int[stages.Count - 1];
        do
        {
            var thresholds = Array.ConvertAll(digits, d => grid[d]);
            var disagreement = Replay(stages, thresholds, costs, countDisagreement: true);
            var mean = costs.Sum() / rows;
            Array.Sort(costs);
            settings.Add((thresholds, disagreement, costs[index - 1], mean));
        }
        while (Advance(digits, grid.Length));

        var path = new List<(double[] Thresholds, double Disagreement)>();
        foreach (var (thresholds, disagreement, _, _) in settings.OrderBy(s => s.Bound).ThenBy(s => s.Disagreement).ThenBy(s => s.Mean))
        {
            if (path.Count == 0 || disagreement < path[^1].Disagreement)
            {
                path.Add((thresholds, disagreement));
            }
        }

        return path;
    }

    private static bool Advance(int[] digits, int radix)
    {
        for (var i = 0; i < digits.Length; i++)
        {
            if (++digits[i] < radix)
            {
                return true;
            }

            digits[i] = 0;
        }

        return false;
    }

    private static int Exceeding(IReadOnlyList<AgreementStage> stages, double[] thresholds, double[] costs, double limitUsd)
    {
        Replay(stages, thresholds, costs, countDisagreement: false);
        return costs.Count(c => c > limitUsd);
    }

    private static double Replay(IReadOnlyList<AgreementStage> stages, double[] thresholds, double[] costs, bool countDisagreement)
    {
        var disagreement = 0.0;
        for (var row = 0; row < costs.Length; row++)
        {
            var stage = 0;
            costs[row] = stages[0].CostUsd.Span[row];
            while (stage < thresholds.Length && stages[stage].Confidence.Span[row] < thresholds[stage])
            {
                costs[row] += stages[++stage].CostUsd.Span[row];
            }

            disagreement += countDisagreement && stage < thresholds.Length ? 1 - stages[stage].Agrees.Span[row] : 0;
        }

        return disagreement / costs.Length;
    }

    private static void RequireGrid(ImmutableArray<double> grid, int stages)
    {
        for (var i = 0; i < (grid.IsDefault ? 0 : grid.Length); i++)
        {
            if (double.IsNaN(grid[i]) || (i > 0 && !(grid[i] > grid[i - 1])))
            {
                throw new ArgumentException($"grid[{i}] is {grid[i]}; give numbers that increase", nameof(grid));
            }
        }

        if (grid.IsDefaultOrEmpty || Math.Pow(grid.Length, stages - 1) > MaxSettings)
        {
            throw new ArgumentException(
                $"{(grid.IsDefault ? 0 : grid.Length)} thresholds at {stages - 1} stages; give at least 1, and at most {MaxSettings} settings", nameof(grid));
        }
    }

    private static int Require(IReadOnlyList<AgreementStage> stages, bool needsAgreement, string parameter)
    {
        ArgumentNullException.ThrowIfNull(stages, parameter);
        if (stages.Count == 0)
        {
            throw new ArgumentException("a chain needs at least one stage", parameter);
        }

        var rows = stages[^1].CostUsd.Length;
        var check = new ColumnCheck(rows);
        for (var i = 0; i < stages.Count; i++)
        {
            check.Cost(stages[i].CostUsd.Span, $"{parameter}[{i}].CostUsd");
            if (i < stages.Count - 1)
            {
                check.Finite(stages[i].Confidence.Span, $"{parameter}[{i}].Confidence");
                if (needsAgreement)
                {
                    check.Unit(stages[i].Agrees.Span, $"{parameter}[{i}].Agrees");
                }
            }
        }

        check.Throw(parameter);
        return rows;
    }
}
