using Cascade.Planning.Calibration;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.Sweeps;

/// <summary>
/// Tries every threshold of a pair of models at once: run the cheap model, escalate iff its score is below τ. With rows in order of score,
/// C(τ) = mean(c_L) + Σ_{s&lt;τ} c_H / n and U(τ) = mean(u_L) + Σ_{s&lt;τ} (u_H − u_L) / n. O(n log n), no grid.
/// </summary>
/// <remarks>
/// Exact form of the two-model threshold family of Bouchard, "Is Escalation Worth It?", arXiv 2605.06350. Rows of equal score escalate together.
/// The strong model alone stays an option next to the thresholds, because a cascade that escalates most requests costs more than it.
/// </remarks>
public static class PairSweep
{
    /// <summary>Sweeps over the outcomes as they were recorded.</summary>
    /// <param name="rows">At least one row.</param>
    /// <returns>The curve, one point more than there are different scores.</returns>
    /// <exception cref="ArgumentException">A column is not as described by <see cref="PairRows"/>; the message names each.</exception>
    public static PairCurve Exact(in PairRows rows)
    {
        rows.Require(nameof(rows));
        return Exact(rows, ScoreGroups.Of(rows.Scores));
    }

    internal static PairCurve Exact(in PairRows rows, ScoreGroups groups)
    {
        var points = new FrontierPoint[groups.Count + 1];
        var (cost, quality) = (Sum(rows.LowCostUsd), Sum(rows.LowQuality));
        var n = (double)rows.Count;
        points[0] = new FrontierPoint(cost / n, quality / n, 0);
        for (var g = 0; g < groups.Count; g++)
        {
            foreach (var row in groups.Rows(g))
            {
                cost += rows.HighCostUsd[row];
                quality += rows.HighQuality[row] - rows.LowQuality[row];
            }

            points[g + 1] = new FrontierPoint(cost / n, quality / n, g + 1);
        }

        return new PairCurve(points, groups, Sum(rows.HighCostUsd) / n, Sum(rows.HighQuality) / n);
    }

    /// <summary>
    /// Sweeps over fitted outcomes, which follows the noise of few rows less: the benefit of escalating is its non-increasing isotonic fit on the
    /// score, its cost is κ(s).
    /// </summary>
    /// <param name="rows">At least one row.</param>
    /// <param name="escalationCost">How κ(s) is estimated.</param>
    /// <returns>The curve of the fitted outcomes, with the same thresholds as <see cref="Exact(in PairRows)"/>.</returns>
    /// <exception cref="ArgumentException">A column is not as described by <see cref="PairRows"/>, or the estimate is not one of the list.</exception>
    public static PairCurve Smooth(in PairRows rows, EscalationCost escalationCost)
    {
        if (escalationCost is not (EscalationCost.Mean or EscalationCost.Linear))
        {
            throw new ArgumentOutOfRangeException(nameof(escalationCost), escalationCost, "give Mean or Linear");
        }

        rows.Require(nameof(rows));
        return Smooth(rows, ScoreGroups.Of(rows.Scores), escalationCost);
    }

    internal static PairCurve Smooth(in PairRows rows, ScoreGroups groups, EscalationCost escalationCost)
    {
        var benefit = FitBenefit(rows, groups);
        var (intercept, slope) = FitCost(rows, escalationCost);
        var points = new FrontierPoint[groups.Count + 1];
        var n = (double)rows.Count;
        var (cost, quality) = (Sum(rows.LowCostUsd) / n, Sum(rows.LowQuality) / n);
        points[0] = new FrontierPoint(cost, quality, 0);
        for (var g = 0; g < groups.Count; g++)
        {
            var share = groups.Rows(g).Length / n;
            cost += share * Math.Max(0, intercept + (slope * groups.Scores[g]));
            quality += share * benefit.Apply(groups.Scores[g]);
            points[g + 1] = new FrontierPoint(cost, quality, g + 1);
        }

        return new PairCurve(points, groups, Sum(rows.HighCostUsd) / n, Sum(rows.HighQuality) / n);
    }

    private static IsotonicFit FitBenefit(in PairRows rows, ScoreGroups groups)
    {
        var benefit = new double[rows.Count];
        for (var i = 0; i < benefit.Length; i++)
        {
            benefit[i] = rows.HighQuality[i] - rows.LowQuality[i];
        }

        var means = groups.Means(benefit, default, out var counts);
        return IsotonicFit.FitSorted(groups.Scores, means, counts, IsotonicDirection.NonIncreasing);
    }

    private static (double Intercept, double Slope) FitCost(in PairRows rows, EscalationCost escalationCost)
    {
        var (meanScore, meanCost) = (Sum(rows.Scores) / rows.Count, Sum(rows.HighCostUsd) / rows.Count);
        if (escalationCost == EscalationCost.Mean)
        {
            return (meanCost, 0);
        }

        // Scores are put on a scale of 1 first: their squares may leave the range of a double where they themselves do not.
        var scale = 0.0;
        foreach (var score in rows.Scores)
        {
            scale = Math.Max(scale, Math.Abs(score - meanScore));
        }

        var (covariance, variance) = (0.0, 0.0);
        for (var i = 0; i < rows.Count && scale > 0; i++)
        {
            var x = (rows.Scores[i] - meanScore) / scale;
            covariance += x * (rows.HighCostUsd[i] - meanCost);
            variance += x * x;
        }

        var slope = variance > 0 ? covariance / variance / scale : 0;
        return double.IsFinite(slope) && double.IsFinite(slope * meanScore) ? (meanCost - (slope * meanScore), slope) : (meanCost, 0);
    }

    private static double Sum(ReadOnlySpan<double> column)
    {
        var sum = 0.0;
        foreach (var value in column)
        {
            sum += value;
        }

        return sum;
    }
}
