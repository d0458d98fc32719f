namespace Cascade.Planning.Calibration;

/// <summary>
/// Weighted isotonic regression (pool adjacent violators; Ayer et al. 1955). Rows of equal score are averaged first. The fitted function is a
/// right-continuous step: a block's value holds from its lowest score up to, but without, the next block's lowest; scores below all take
/// the first value.
/// </summary>
public sealed class IsotonicFit : ICalibrator
{
    private readonly double[] _starts;
    private readonly double[] _values;
    private readonly double[] _weights;

    private IsotonicFit(double[] starts, double[] values, double[] weights)
    {
        (_starts, _values, _weights) = (starts, values, weights);
    }

    /// <summary>The lowest score of each block, strictly increasing.</summary>
    public ReadOnlySpan<double> Starts => _starts;

    /// <summary>The value of each block, strictly monotone.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The weight of the rows in each block.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>Fits; O(n log n).</summary>
    /// <param name="scores">One score per row, within ±1e100, in any order.</param>
    /// <param name="outcomes">One value per row, within ±1e100.</param>
    /// <param name="weights">One weight per row, 1e-100 to 1e100; empty for 1 each.</param>
    /// <param name="direction">Which way the fit may go.</param>
    /// <returns>The fit.</returns>
    /// <exception cref="ArgumentException">A column is not as described; the message names each.</exception>
    public static IsotonicFit Fit(
        ReadOnlySpan<double> scores, ReadOnlySpan<double> outcomes, ReadOnlySpan<double> weights, IsotonicDirection direction)
    {
        if (direction is not (IsotonicDirection.NonDecreasing or IsotonicDirection.NonIncreasing))
        {
            throw new ArgumentOutOfRangeException(nameof(direction), direction, "give NonDecreasing or NonIncreasing");
        }

        var check = new ColumnCheck(scores.Length);
        check.Finite(scores, nameof(scores));
        check.Finite(outcomes, nameof(outcomes));
        if (!weights.IsEmpty)
        {
            check.Positive(weights, nameof(weights));
        }

        check.Throw(nameof(scores));
        var groups = ScoreGroups.Of(scores);
        var means = groups.Means(outcomes, weights, out var totals);
        return FitSorted(groups.Scores, means, totals, direction);
    }

    /// <inheritdoc/>
    public double Apply(double score)
    {
        if (double.IsNaN(score))
        {
            return double.NaN;
        }

        var i = Array.BinarySearch(_starts, score);
        return _values[i >= 0 ? i : Math.Max(0, ~i - 1)];
    }

    /// <summary>Fits distinct scores in order; pools <paramref name="means"/> and <paramref name="totals"/> in place.</summary>
    internal static IsotonicFit FitSorted(ReadOnlySpan<double> scores, double[] means, double[] totals, IsotonicDirection direction)
    {
        var ends = new int[means.Length];
        var blocks = PoolAdjacentViolators.Pool(means, totals, ends, direction);
        var starts = new double[blocks];
        for (var b = 0; b < blocks; b++)
        {
            starts[b] = scores[b == 0 ? 0 : ends[b - 1]];
        }

        return new IsotonicFit(starts, means[..blocks], totals[..blocks]);
    }
}
