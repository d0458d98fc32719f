using System.Collections.Immutable;
using Cascade.Planning.Calibration;

namespace Cascade.Planning.Scoring;

/// <summary>
/// One signal calibrated by logistic regression on its transform: P(right) = σ(a·z + b) with z cut to the finite range of the rows it was fitted on,
/// so that a saturated signal scores like the surest answer that was seen and no surer (arXiv 2501.09345, section 4.1).
/// </summary>
public sealed record TransformedScore : ScoreModel
{
    private const int MaxIterations = 100;

    /// <summary>The name of the signal.</summary>
    public required string Signal { get; init; }

    /// <summary>What the signal's numbers are.</summary>
    public required SignalScale Scale { get; init; }

    /// <summary>The transform.</summary>
    public required ConfidenceTransform Transform { get; init; }

    /// <summary>The lowest finite z of the rows it was fitted on; lower ones, −∞ too, count as this.</summary>
    public required double MinZ { get; init; }

    /// <summary>The highest finite z of the rows it was fitted on; higher ones, +∞ too, count as this.</summary>
    public required double MaxZ { get; init; }

    /// <summary>a; below 0 when surer answers are worse.</summary>
    public required double Slope { get; init; }

    /// <summary>b.</summary>
    public required double Intercept { get; init; }

    /// <inheritdoc />
    public override ImmutableArray<string> Inputs => [Signal];

    /// <summary>Fits one transform.</summary>
    /// <param name="signal">The name of the signal.</param>
    /// <param name="values">The signal by row; NaN where missing, infinite where saturated.</param>
    /// <param name="quality">One quality per row, 0 to 1.</param>
    /// <param name="scale">What the signal is.</param>
    /// <param name="transform">The transform, one that fits the scale.</param>
    /// <returns>The score; null when no row has a finite z to learn from.</returns>
    /// <exception cref="ArgumentException">The columns differ in length or a quality is out of range.</exception>
    public static TransformedScore? Fit(
        string signal, ReadOnlySpan<double> values, ReadOnlySpan<double> quality, SignalScale scale, ConfidenceTransform transform)
    {
        var check = new ColumnCheck(values.Length);
        check.Unit(quality, nameof(quality));
        check.Throw(nameof(values));
        var (zs, outcomes) = (new List<double>(values.Length), new List<double>(values.Length));
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < values.Length; i++)
        {
            var z = ConfidenceTransforms.Apply(values[i], scale, transform);
            if (double.IsNaN(z))
            {
                continue;
            }

            zs.Add(z);
            outcomes.Add(quality[i]);
            (min, max) = double.IsFinite(z) ? (Math.Min(min, z), Math.Max(max, z)) : (min, max);
        }

        if (!(min <= max))
        {
            return null;
        }

        var (slope, intercept) = Regress(zs, outcomes, min, max);
        return new TransformedScore
        {
            Signal = signal, Scale = scale, Transform = transform, MinZ = min, MaxZ = max, Slope = slope, Intercept = intercept,
        };
    }

    /// <summary>What a column's numbers are: probabilities when all are within 0 to 1, logarithms of them when none is above 0.</summary>
    /// <param name="values">The signal by row.</param>
    /// <returns>The scale.</returns>
    public static SignalScale ScaleOf(ReadOnlySpan<double> values)
    {
        var (unit, negative) = (true, true);
        foreach (var value in values)
        {
            unit &= double.IsNaN(value) || value is >= 0 and <= 1;
            negative &= double.IsNaN(value) || value <= 0;
        }

        return unit ? SignalScale.Probability : negative ? SignalScale.LogProbability : SignalScale.Raw;
    }

    /// <inheritdoc />
    public override double Apply(ReadOnlySpan<double> signals)
    {
        var z = ConfidenceTransforms.Apply(signals[0], Scale, Transform);
        return double.IsNaN(z) ? double.NaN : LogisticRegression.Sigmoid((Slope * Math.Clamp(z, MinZ, MaxZ)) + Intercept);
    }

    private static (double Slope, double Intercept) Regress(List<double> zs, List<double> outcomes, double min, double max)
    {
        // On a scale of 1: Newton's Hessian must not mix 1 with the squares of 1e100.
        var (middle, half) = ((min / 2) + (max / 2), Math.Max((max / 2) - (min / 2), double.Epsilon));
        var scaled = new double[zs.Count];
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] = max > min ? (Math.Clamp(zs[i], min, max) - middle) / half : 0;
        }

        var weights = LogisticRegression.Fit([scaled], LogisticRegression.Targets(outcomes.ToArray()), MaxIterations, out _);
        var slope = weights[0] / half;
        return max > min && double.IsFinite(slope) ? (slope, weights[1] - (slope * middle)) : (0, weights[1]);
    }
}
