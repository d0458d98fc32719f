namespace Cascade.Planning.Calibration;

/// <summary>
/// Beta calibration (Kull, Silva Filho and Flach, AISTATS 2017): logit P(right | s) = a·ln s − b·ln(1 − s) + c with a, b ≥ 0; (1, 1, 0) is the
/// identity. A weight that the fit would make negative is fixed at 0 and the rest is fitted again. Scores that cannot tell a from b (two
/// different ones, or all within rounding of each other) give a = b, as <see cref="PlattCalibration"/> does. Fitted on the same regularised
/// targets, which keeps separable data finite, and with scores cut at the same distance from 0 and 1.
/// </summary>
public sealed class BetaCalibration : ICalibrator
{
    private const int MaxIterations = 100;

    /// <summary>The smallest distance from 0 and 1 that is told apart, that of <see cref="PlattCalibration.MaxLogit"/>.</summary>
    private static readonly double Edge = LogisticRegression.Sigmoid(-PlattCalibration.MaxLogit);

    /// <summary>Creates the calibration from known parameters.</summary>
    /// <param name="a">Weight of ln s, finite, 0 or more.</param>
    /// <param name="b">Weight of −ln(1 − s), finite, 0 or more.</param>
    /// <param name="c">Intercept, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public BetaCalibration(double a, double b, double c)
    {
        A = a is >= 0 and < double.PositiveInfinity ? a : throw new ArgumentOutOfRangeException(nameof(a), a, "give a finite number of 0 or more");
        B = b is >= 0 and < double.PositiveInfinity ? b : throw new ArgumentOutOfRangeException(nameof(b), b, "give a finite number of 0 or more");
        C = double.IsFinite(c) ? c : throw new ArgumentOutOfRangeException(nameof(c), c, "give a finite number");
    }

    /// <summary>Weight of ln s.</summary>
    public double A { get; }

    /// <summary>Weight of −ln(1 − s).</summary>
    public double B { get; }

    /// <summary>Intercept.</summary>
    public double C { get; }

    /// <summary>Whether the fit reached its optimum; true for given parameters.</summary>
    public bool Converged { get; private init; } = true;

    /// <summary>Fits; O(n) per Newton step.</summary>
    /// <param name="scores">One score per row, 0 to 1.</param>
    /// <param name="outcomes">One outcome per row, 0 (wrong) to 1 (right).</param>
    /// <returns>The calibration, non-decreasing in the score.</returns>
    /// <exception cref="ArgumentException">A column is not as described; the message names each.</exception>
    public static BetaCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<double> outcomes)
    {
        var check = new ColumnCheck(scores.Length);
        check.Unit(scores, nameof(scores));
        check.Unit(outcomes, nameof(outcomes));
        check.Throw(nameof(scores));
        var (low, high) = (new double[scores.Length], new double[scores.Length]);
        for (var i = 0; i < scores.Length; i++)
        {
            (low[i], high[i]) = Features(scores[i]);
        }

        var targets = LogisticRegression.Targets(outcomes);
        var (a, b, c, converged) = FitNonNegative(low, high, targets);
        return new BetaCalibration(a, b, c) { Converged = converged };
    }

    /// <inheritdoc/>
    /// <remarks>Scores are 0 to 1; beyond, they count as 0 and 1.</remarks>
    public double Apply(double score)
    {
        if (double.IsNaN(score))
        {
            return double.NaN;
        }

        var (low, high) = Features(score);
        return LogisticRegression.Sigmoid((A * low) + (B * high) + C);
    }

    private static (double A, double B, double C, bool Converged) FitNonNegative(double[] low, double[] high, double[] targets)
    {
        var (sum, difference) = (new double[low.Length], new double[low.Length]);
        for (var i = 0; i < low.Length; i++)
        {
            (sum[i], difference[i]) = (low[i] + high[i], low[i] - high[i]);
        }

        // The difference is the column that falls away when a and b cannot be told apart: then a = b.
        var both = LogisticRegression.Fit([sum, difference], targets, MaxIterations, out var converged);
        var (a, b) = (both[0] + both[1], both[0] - both[1]);
        if (a >= 0 && b >= 0)
        {
            return (a, b, both[2], converged);
        }

        // With both negative, the one that hurts less alone is not known: the score carries no rising signal unless one of them fits alone.
        var onlyLow = b < 0 ? LogisticRegression.Fit([low], targets, MaxIterations, out converged) : [-1, 0];
        if (onlyLow[0] >= 0)
        {
            return (onlyLow[0], 0, onlyLow[1], converged);
        }

        var onlyHigh = LogisticRegression.Fit([high], targets, MaxIterations, out converged);
        if (onlyHigh[0] >= 0)
        {
            return (0, onlyHigh[0], onlyHigh[1], converged);
        }

        return (0, 0, LogisticRegression.Fit([], targets, MaxIterations, out converged)[0], converged);
    }

    internal static (double Low, double High) Features(double score)
    {
        var s = Math.Clamp(score, Edge, 1 - Edge);
        return (Math.Log(s), -Math.Log(1 - s));
    }
}
