namespace Cascade.Planning.Estimation;

/// <summary>How much of a prediction's deviation from the mean is kept.</summary>
public enum ShrinkageRule
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>
    /// The share with the least squared error out of fold: the slope of truth on prediction, lessened by its own uncertainty as in James and Stein's
    /// positive-part estimator, <c>β · max(0, 1 − se²/β²)</c>, cut to 0 to 1. Leaves a calibrated prediction alone.
    /// </summary>
    Slope = 1,

    /// <summary>
    /// R² out of fold, cut to 0 to 1. For right-or-wrong outcomes even a perfect prediction has a small R², so that this one flattens what could be
    /// used; a common factor leaves the order of queries alone but not the order of models.
    /// </summary>
    RSquared = 2,

    /// <summary>Everything is kept.</summary>
    Off = 3,
}

/// <summary>How far predictions can be trusted, judged on rows they were not trained on.</summary>
public static class Shrinkage
{
    /// <summary>The share of the deviation from the mean to keep.</summary>
    /// <param name="rule">How it is found.</param>
    /// <param name="truth">What happened, one value per row.</param>
    /// <param name="predicted">What was predicted out of fold, one value per row.</param>
    /// <returns>0 to 1; 0 with fewer than three rows, or when the predictions do not differ.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a value is not finite.</exception>
    public static double Share(ShrinkageRule rule, ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        var check = new ColumnCheck(truth.Length);
        check.Finite(truth, nameof(truth));
        check.Finite(predicted, nameof(predicted));
        check.Throw(nameof(truth));
        return rule switch
        {
            ShrinkageRule.Slope => Slope(truth, predicted),
            ShrinkageRule.RSquared => Math.Clamp(RSquared(truth, predicted), 0, 1),
            ShrinkageRule.Off => 1,
            _ => throw new ArgumentException($"there is no rule {(int)rule}; give slope, R² or off", nameof(rule)),
        };
    }

    /// <summary>R²: 1 − Σ(y − p)² / Σ(y − ȳ)².</summary>
    /// <param name="truth">What happened, one value per row.</param>
    /// <param name="predicted">What was predicted, one value per row.</param>
    /// <returns>At most 1; 0 when the truth does not vary.</returns>
    public static double RSquared(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        var mean = Mean(truth);
        var (errors, total) = (0.0, 0.0);
        for (var i = 0; i < truth.Length; i++)
        {
            errors += (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
            total += (truth[i] - mean) * (truth[i] - mean);
        }

        return total > 0 ? 1 - (errors / total) : 0;
    }

    private static double Slope(ReadOnlySpan<double> truth, ReadOnlySpan<double> predicted)
    {
        if (truth.Length < 3)
        {
            return 0;
        }

        var (meanTruth, meanPredicted) = (Mean(truth), Mean(predicted));
        var (cross, spread, total) = (0.0, 0.0, 0.0);
        for (var i = 0; i < truth.Length; i++)
        {
            var (t, p) = (truth[i] - meanTruth, predicted[i] - meanPredicted);
            cross += t * p;
            spread += p * p;
            total += t * t;
        }

        if (!(spread > 1e-20 * meanPredicted * meanPredicted * truth.Length) || !(cross > 0))
        {
            return 0;
        }

        var slope = cross / spread;
        var residual = Math.Max(0, total - (slope * cross)) / (truth.Length - 2);
        return Math.Clamp(slope * Math.Max(0, 1 - (residual / spread / (slope * slope))), 0, 1);
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return values.IsEmpty ? 0 : sum / values.Length;
    }
}
