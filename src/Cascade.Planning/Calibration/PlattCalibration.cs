namespace Cascade.Planning.Calibration;

/// <summary>
/// Platt scaling: P(right | s) = σ(a·logit(s) + b). Fitted on the regularised targets and by the Newton method of Lin, Lin and Weng (Machine
/// Learning 68, 2007). Logits are cut at ±<see cref="MaxLogit"/>.
/// </summary>
public sealed class PlattCalibration : ICalibrator
{
    /// <summary>Logits beyond this are cut, so that scores of exactly 0 and 1 stay finite.</summary>
    public const double MaxLogit = 15;

    private const int MaxIterations = 100;

    /// <summary>Creates the calibration from known parameters.</summary>
    /// <param name="slope">a, finite; below 0 when higher scores mean worse answers.</param>
    /// <param name="intercept">b, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not finite.</exception>
    public PlattCalibration(double slope, double intercept)
    {
        Slope = double.IsFinite(slope) ? slope : throw new ArgumentOutOfRangeException(nameof(slope), slope, "give a finite number");
        Intercept = double.IsFinite(intercept)
            ? intercept
            : throw new ArgumentOutOfRangeException(nameof(intercept), intercept, "give a finite number");
    }

    /// <summary>a.</summary>
    public double Slope { get; }

    /// <summary>b.</summary>
    public double Intercept { get; }

    /// <summary>Whether the fit reached its optimum; true for given parameters.</summary>
    public bool Converged { get; private init; } = true;

    /// <summary>Fits; O(n) per Newton step, at most 100 steps.</summary>
    /// <param name="scores">One score per row, 0 to 1.</param>
    /// <param name="outcomes">One outcome per row, 0 (wrong) to 1 (right).</param>
    /// <returns>The calibration.</returns>
    /// <exception cref="ArgumentException">A column is not as described; the message names each.</exception>
    public static PlattCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<double> outcomes)
    {
        var check = new ColumnCheck(scores.Length);
        check.Unit(scores, nameof(scores));
        check.Unit(outcomes, nameof(outcomes));
        check.Throw(nameof(scores));
        var logits = new double[scores.Length];
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] = Logit(scores[i]);
        }

        var weights = LogisticRegression.Fit([logits], LogisticRegression.Targets(outcomes), MaxIterations, out var converged);
        return new PlattCalibration(weights[0], weights[1]) { Converged = converged };
    }

    /// <inheritdoc/>
    /// <remarks>Scores are 0 to 1; beyond, they count as 0 and 1.</remarks>
    public double Apply(double score) => double.IsNaN(score) ? double.NaN : LogisticRegression.Sigmoid((Slope * Logit(score)) + Intercept);

    internal static double Logit(double score)
    {
        var s = Math.Clamp(score, 0, 1);
        return Math.Clamp(Math.Log(s / (1 - s)), -MaxLogit, MaxLogit);
    }
}
