using Cascade.Planning.Calibration;

namespace Cascade.Planning.Sweeps;

/// <summary>
/// Thresholds of a chain of k models for one shadow price λ, by backward induction: V_k = u_k − λc_k; at stage i &lt; k the gain of going on,
/// V_{i+1} − u_i, is fitted on s_i by a non-increasing isotonic regression, τ_i is the end of the scores where the fit is above 0, and
/// V_i = −λc_i + (s_i &lt; τ_i ? V_{i+1} : u_i). The thresholds so found satisfy the first-order condition
/// E[U_downstream − u_i | s_i = τ_i] = λ · E[C_downstream | s_i = τ_i] with the same λ at every stage. O(k n log n).
/// </summary>
public static class ChainFit
{
    /// <summary>Fits.</summary>
    /// <param name="stages">The models in the order in which they are tried; at least one, each with the same number of rows.</param>
    /// <param name="qualityPerUsd">λ in quality per dollar, finite, 0 or more.</param>
    /// <returns>The thresholds and their mean cost and quality on these rows.</returns>
    /// <exception cref="ArgumentException">A column is not as described by <see cref="ChainStage"/>; the message names each.</exception>
    public static ChainPolicy AtPrice(IReadOnlyList<ChainStage> stages, double qualityPerUsd)
    {
        if (qualityPerUsd is not (>= 0 and <= ColumnCheck.Largest))
        {
            throw new ArgumentOutOfRangeException(nameof(qualityPerUsd), qualityPerUsd, "a price is 0 to 1e100 quality per dollar");
        }

        Require(stages);
        var last = stages[^1];
        var quality = last.Quality.ToArray();
        var cost = last.CostUsd.ToArray();
        var thresholds = new double[stages.Count - 1];
        var gain = new double[quality.Length];
        for (var i = stages.Count - 2; i >= 0; i--)
        {
            var u = stages[i].Quality.Span;
            var c = stages[i].CostUsd.Span;
            var s = stages[i].Scores.Span;
            for (var row = 0; row < gain.Length; row++)
            {
                gain[row] = quality[row] - (qualityPerUsd * cost[row]) - u[row];
            }

            thresholds[i] = ThresholdOf(s, gain);
            for (var row = 0; row < gain.Length; row++)
            {
                var goesOn = s[row] < thresholds[i];
                quality[row] = goesOn ? quality[row] : u[row];
                cost[row] = c[row] + (goesOn ? cost[row] : 0);
            }
        }

        var (meanCost, meanQuality) = (Mean(cost), Mean(quality));
        return new ChainPolicy([.. thresholds], meanCost, meanQuality, meanQuality - (qualityPerUsd * meanCost));
    }

    private static double ThresholdOf(ReadOnlySpan<double> scores, ReadOnlySpan<double> gain)
    {
        var groups = ScoreGroups.Of(scores);
        var means = groups.Means(gain, default, out var counts);
        var fit = IsotonicFit.FitSorted(groups.Scores, means, counts, IsotonicDirection.NonIncreasing);
        var above = 0;
        while (above < fit.Values.Length && fit.Values[above] > 0)
        {
            above++;
        }

        if (above == 0)
        {
            return double.NegativeInfinity;
        }

        return above == fit.Values.Length ? double.PositiveInfinity : groups.ThresholdAbove(groups.Scores.BinarySearch(fit.Starts[above]) - 1);
    }

    private static void Require(IReadOnlyList<ChainStage> stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        if (stages.Count == 0)
        {
            throw new ArgumentException("a chain needs at least one stage", nameof(stages));
        }

        var check = new ColumnCheck(stages[^1].Quality.Length);
        for (var i = 0; i < stages.Count; i++)
        {
            check.Unit(stages[i].Quality.Span, $"stages[{i}].Quality");
            check.Cost(stages[i].CostUsd.Span, $"stages[{i}].CostUsd");
            if (i < stages.Count - 1)
            {
                check.Finite(stages[i].Scores.Span, $"stages[{i}].Scores");
            }
        }

        check.Throw(nameof(stages));
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
