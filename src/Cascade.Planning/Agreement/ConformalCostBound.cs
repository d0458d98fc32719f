namespace Cascade.Planning.Agreement;

/// <summary>
/// A bound on the cost of the next request of a fixed policy: with probability at least 1 − α it costs no more, for requests that are exchangeable with
/// the calibration rows (C3PO, arXiv 2511.07396). It bounds single requests, not what they add up to, and says nothing about a policy that was
/// chosen by looking at the same rows.
/// </summary>
public static class ConformalCostBound
{
    /// <summary>The order statistic that bounds: k = ⌈(n + 1)(1 − α)⌉.</summary>
    /// <param name="rows">n, at least 1.</param>
    /// <param name="alpha">α, above 0 and below 1.</param>
    /// <returns>k, 1 to n + 1; n + 1 means that n rows are too few to vouch for any bound.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static int Index(int rows, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (alpha is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "give a number above 0 and below 1");
        }

        // (n + 1)(1 − α) is a whole number for the usual n and α, which rounding must not push to the next one.
        return Math.Max(1, (int)Math.Ceiling(((rows + 1.0) * (1 - alpha)) - 1e-9));
    }

    /// <summary>The bound; O(n log n).</summary>
    /// <param name="costUsd">What each calibration request cost the policy, in dollars.</param>
    /// <param name="alpha">α, above 0 and below 1.</param>
    /// <returns>The k-th smallest cost; +∞ when there are too few rows.</returns>
    /// <exception cref="ArgumentException">There is no row, a cost is no amount, or α is out of its range.</exception>
    public static double Of(ReadOnlySpan<double> costUsd, double alpha)
    {
        var check = new ColumnCheck(costUsd.Length);
        check.Cost(costUsd, nameof(costUsd));
        check.Throw(nameof(costUsd));
        var index = Index(costUsd.Length, alpha);
        var sorted = costUsd.ToArray();
        Array.Sort(sorted);
        return index > sorted.Length ? double.PositiveInfinity : sorted[index - 1];
    }
}
