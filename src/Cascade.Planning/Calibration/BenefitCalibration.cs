namespace Cascade.Planning.Calibration;

/// <summary>
/// The benefit of escalating, E[u_H − u_L | score of the draft]: a non-increasing isotonic fit of the signed differences, cut to −1 to 1, each
/// block drawn towards the pair's mean by n/(n + 20) and then pooled again, since blocks of different size are drawn differently far. Trained
/// on what escalation changes, not on whether the draft is right: a draft that is wrong where the strong model is wrong too gains nothing.
/// </summary>
public sealed class BenefitCalibration : ICalibrator
{
    /// <summary>Rows that the pair's mean counts for against a block's own.</summary>
    public const double PriorRows = 20;

    private readonly IsotonicFit _fit;

    private BenefitCalibration(IsotonicFit fit, double mean)
    {
        var values = new double[fit.Values.Length];
        for (var b = 0; b < values.Length; b++)
        {
            var share = fit.Weights[b] / (fit.Weights[b] + PriorRows);
            values[b] = Math.Clamp(mean + (share * (fit.Values[b] - mean)), -1, 1);
        }

        _fit = IsotonicFit.FitSorted(fit.Starts, values, fit.Weights.ToArray(), IsotonicDirection.NonIncreasing);
        MeanBenefit = mean;
    }

    /// <summary>E[u_H − u_L] over all rows, −1 to 1.</summary>
    public double MeanBenefit { get; }

    /// <summary>Area under the ROC curve of "a lower score means escalation helps" (u_H > u_L); NaN when it always or never helps.</summary>
    public double BenefitAuroc { get; private init; }

    /// <summary>Fits; O(n log n).</summary>
    /// <param name="scores">One score of the draft per row, within ±1e100.</param>
    /// <param name="lowQuality">u_L: one quality of the draft per row, 0 to 1.</param>
    /// <param name="highQuality">u_H: one quality of the strong model's answer per row, 0 to 1.</param>
    /// <returns>The calibration.</returns>
    /// <exception cref="ArgumentException">A column is not as described; the message names each.</exception>
    public static BenefitCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<double> lowQuality, ReadOnlySpan<double> highQuality)
    {
        var check = new ColumnCheck(scores.Length);
        check.Finite(scores, nameof(scores));
        check.Unit(lowQuality, nameof(lowQuality));
        check.Unit(highQuality, nameof(highQuality));
        check.Throw(nameof(scores));
        var benefit = new double[scores.Length];
        var (negated, helps, mean) = (new double[scores.Length], new bool[scores.Length], 0.0);
        for (var i = 0; i < benefit.Length; i++)
        {
            benefit[i] = highQuality[i] - lowQuality[i];
            negated[i] = -scores[i];
            helps[i] = benefit[i] > 0;
            mean += benefit[i] / benefit.Length;
        }

        return new BenefitCalibration(IsotonicFit.Fit(scores, benefit, default, IsotonicDirection.NonIncreasing), mean)
        {
            BenefitAuroc = CalibrationMetrics.Auroc(negated, helps),
        };
    }

    /// <inheritdoc/>
    /// <returns>E[u_H − u_L | score], −1 to 1, never rising with the score.</returns>
    public double Apply(double score) => _fit.Apply(score);
}
