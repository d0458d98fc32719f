namespace Cascade.Planning.Calibration;

/// <summary>
/// Conformal risk control (Angelopoulos, Bates, Fisch, Lei and Schuster, arXiv 2208.02814): the lowest threshold whose expected regret on the next
/// row is at most α, for rows that are exchangeable with the calibration rows. Expires with drift.
/// </summary>
/// <remarks>
/// The loss of row i is 1[s_i ≥ τ]·r_i with r_i the regret of keeping the draft, usually max(0, u_H − u_L): it never rises with τ, which the
/// guarantee needs. Plain error does rise where the strong model is worse; use <see cref="LearnThenTest"/> for it.
/// </remarks>
public static class ConformalRiskControl
{
    private const double Rounding = 1e-12;

    /// <summary>The highest mean loss that still guarantees α: solves n/(n+1)·R̂ + B/(n+1) = α.</summary>
    /// <param name="rows">n, 1 or more.</param>
    /// <param name="alpha">α, above 0.</param>
    /// <param name="maxLoss">B, the highest possible loss of a row, above 0.</param>
    /// <returns>((n+1)α − B)/n; below 0 when n rows are too few.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static double MaxMeanLoss(int rows, double alpha, double maxLoss)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        RequirePositive(alpha, nameof(alpha));
        RequirePositive(maxLoss, nameof(maxLoss));
        return (((rows + 1.0) * alpha) - maxLoss) / rows;
    }

    /// <summary>The lowest threshold that guarantees α; O(n log n).</summary>
    /// <param name="scores">One score per row, within ±1e100.</param>
    /// <param name="regrets">One regret of keeping the draft per row, 0 to <paramref name="maxLoss"/>.</param>
    /// <param name="alpha">α, the expected regret to stay within, above 0.</param>
    /// <param name="maxLoss">B, the highest possible regret, above 0; 1 for qualities from 0 to 1.</param>
    /// <returns>
    /// The threshold: −∞, the double just above a row's score, or +∞. A limit missed by less than 1e-12 counts as met, for rounding.
    /// </returns>
    /// <exception cref="ArgumentException">An argument is not as described.</exception>
    public static RiskControlledThreshold Threshold(ReadOnlySpan<double> scores, ReadOnlySpan<double> regrets, double alpha, double maxLoss)
    {
        RequirePositive(alpha, nameof(alpha));
        RequirePositive(maxLoss, nameof(maxLoss));
        var check = new ColumnCheck(scores.Length);
        check.Finite(scores, nameof(scores));
        check.Range(regrets, nameof(regrets), 0, maxLoss);
        check.Throw(nameof(scores));
        var limit = MaxMeanLoss(scores.Length, alpha, maxLoss) + Rounding;
        if (limit < 0)
        {
            return new RiskControlledThreshold(false, double.PositiveInfinity, 0);
        }

        // From the top: what is kept above each group, so that nothing is ever subtracted.
        var groups = ScoreGroups.Of(scores);
        var kept = 0.0;
        for (var g = groups.Count - 1; g >= 0; g--)
        {
            var regret = kept;
            foreach (var row in groups.Rows(g))
            {
                regret += regrets[row] / scores.Length;
            }

            if (regret > limit)
            {
                var threshold = g == groups.Count - 1 ? double.PositiveInfinity : Math.BitIncrement(groups.Scores[g]);
                return new RiskControlledThreshold(true, threshold, kept);
            }

            kept = regret;
        }

        return new RiskControlledThreshold(true, double.NegativeInfinity, kept);
    }

    private static void RequirePositive(double value, string name)
    {
        if (value is not (> 0 and <= ColumnCheck.Largest))
        {
            throw new ArgumentOutOfRangeException(name, value, "give a finite number above 0");
        }
    }
}
