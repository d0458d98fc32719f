namespace Cascade.Planning.Calibration;

/// <summary>How well scores match and rank outcomes.</summary>
public static class CalibrationMetrics
{
    /// <summary>Expected calibration error: Σ n_m/n · |mean outcome − mean score| over the bins of <see cref="ReliabilityDiagram"/>.</summary>
    /// <param name="scores">One score per row, 0 to 1.</param>
    /// <param name="outcomes">One outcome per row, 0 (wrong) to 1 (right).</param>
    /// <param name="bins">Number of bins, 1 to <see cref="ReliabilityDiagram.MaxBins"/>; 10 is usual.</param>
    /// <param name="binning">How scores are put into bins.</param>
    /// <returns>0 to 1; lower is better.</returns>
    /// <exception cref="ArgumentException">A column, the number of bins or the binning is not as described.</exception>
    public static double ExpectedCalibrationError(ReadOnlySpan<double> scores, ReadOnlySpan<double> outcomes, int bins, Binning binning)
    {
        var error = 0.0;
        foreach (var bin in ReliabilityDiagram.Of(scores, outcomes, bins, binning))
        {
            error += bin.Count == 0 ? 0 : bin.Count * Math.Abs(bin.MeanOutcome - bin.MeanScore);
        }

        return error / scores.Length;
    }

    /// <summary>The Brier score and its parts; O(n log n).</summary>
    /// <param name="scores">One score per row, 0 to 1.</param>
    /// <param name="outcomes">One outcome per row, 0 (wrong) to 1 (right).</param>
    /// <returns>The score and its decomposition.</returns>
    /// <exception cref="ArgumentException">A column is not as described; the message names each.</exception>
    public static BrierScore Brier(ReadOnlySpan<double> scores, ReadOnlySpan<double> outcomes)
    {
        var check = new ColumnCheck(scores.Length);
        check.Unit(scores, nameof(scores));
        check.Unit(outcomes, nameof(outcomes));
        check.Throw(nameof(scores));
        var (brier, mean) = (0.0, 0.0);
        for (var i = 0; i < scores.Length; i++)
        {
            brier += Square(scores[i] - outcomes[i]);
            mean += outcomes[i] / scores.Length;
        }

        var uncertainty = 0.0;
        foreach (var y in outcomes)
        {
            uncertainty += Square(y - mean);
        }

        var groups = ScoreGroups.Of(scores);
        var means = groups.Means(outcomes, default, out var counts);
        var (reliability, resolution) = (0.0, 0.0);
        for (var g = 0; g < means.Length; g++)
        {
            reliability += counts[g] * Square(groups.Scores[g] - means[g]);
            resolution += counts[g] * Square(means[g] - mean);
        }

        var n = scores.Length;
        return new BrierScore(brier / n, reliability / n, resolution / n, uncertainty / n);
    }

    /// <summary>
    /// Area under the ROC curve: the probability that a positive row scores above a negative one, ties counting half (Mann-Whitney). O(n log n).
    /// </summary>
    /// <param name="scores">One score per row, within ±1e100.</param>
    /// <param name="positives">Whether the row is positive.</param>
    /// <returns>0 to 1, 0.5 without signal; NaN when all rows are of one kind.</returns>
    /// <exception cref="ArgumentException">A column is not as described.</exception>
    public static double Auroc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        var check = new ColumnCheck(scores.Length);
        check.Finite(scores, nameof(scores));
        check.Length(positives.Length, nameof(positives));
        check.Throw(nameof(scores));
        return Auroc(ScoreGroups.Of(scores), positives);
    }

    internal static double Auroc(ScoreGroups groups, ReadOnlySpan<bool> positives)
    {
        var (below, pairs, positive) = (0.0, 0.0, 0.0);
        for (var g = 0; g < groups.Count; g++)
        {
            var rows = groups.Rows(g);
            var here = 0;
            foreach (var row in rows)
            {
                here += positives[row] ? 1 : 0;
            }

            var negative = rows.Length - here;
            pairs += here * (below + (negative / 2.0));
            below += negative;
            positive += here;
        }

        return positive == 0 || below == 0 ? double.NaN : pairs / (positive * below);
    }

    private static double Square(double x) => x * x;
}
