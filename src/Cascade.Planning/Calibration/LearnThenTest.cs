namespace Cascade.Planning.Calibration;

/// <summary>
/// Learn then Test (Angelopoulos, Bates, Candès, Jordan and Lei, arXiv 2110.01052): settings whose risk is at most α with probability 1 − δ over
/// the calibration rows, which must not have been used to choose the settings or their order.
/// </summary>
public static class LearnThenTest
{
    /// <summary>Hoeffding's p-value of "the risk is above α" for losses within 0 and 1: exp(−2n·max(0, α − R̂)²).</summary>
    /// <param name="meanLoss">R̂, the mean loss on the calibration rows, 0 to 1.</param>
    /// <param name="rows">n, 1 or more.</param>
    /// <param name="alpha">α, above 0 and below 1.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static double HoeffdingPValue(double meanLoss, int rows, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (meanLoss is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(meanLoss), meanLoss, "give a mean loss from 0 to 1");
        }

        RequireLevel(alpha, nameof(alpha));
        var gap = Math.Max(0, alpha - meanLoss);
        return Math.Exp(-2.0 * rows * gap * gap);
    }

    /// <summary>The exact p-value of "the risk is above α" for losses of 0 and 1: P(Bin(n, α) ≤ errors) = I_{1−α}(n − errors, errors + 1).</summary>
    /// <param name="errors">Rows with loss 1, 0 to <paramref name="rows"/>.</param>
    /// <param name="rows">n, 1 to <see cref="BinomialBounds.MaxTrials"/>.</param>
    /// <param name="alpha">α, above 0 and below 1.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static double BinomialPValue(int errors, int rows, double alpha)
    {
        BinomialBounds.Require(errors, rows, alpha, nameof(alpha));
        return errors == rows ? 1 : SpecialFunctions.RegularizedBeta(1 - alpha, rows - errors, errors + 1.0);
    }

    /// <summary>
    /// Fixed-sequence testing: goes from the safest setting on and stops at the first p-value above δ. All settings before it have risk at most α
    /// together with probability 1 − δ, without a correction for their number.
    /// </summary>
    /// <param name="pValues">One p-value per setting, 0 to 1, in an order fixed before the rows were seen, the safest first.</param>
    /// <param name="delta">δ, above 0 and below 1.</param>
    /// <returns>How many settings, from the first on, are accepted; take the cheapest of them. 0: none can be vouched for.</returns>
    /// <exception cref="ArgumentException">A p-value is not from 0 to 1, or δ is out of its range.</exception>
    public static int FixedSequence(ReadOnlySpan<double> pValues, double delta)
    {
        RequireLevel(delta, nameof(delta));
        var check = new ColumnCheck(pValues.Length);
        check.Unit(pValues, nameof(pValues));
        check.Throw(nameof(pValues));
        var accepted = 0;
        while (accepted < pValues.Length && pValues[accepted] <= delta)
        {
            accepted++;
        }

        return accepted;
    }

    private static void RequireLevel(double level, string name)
    {
        if (level is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(name, level, "give a number above 0 and below 1");
        }
    }
}
