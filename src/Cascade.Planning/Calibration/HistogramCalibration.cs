namespace Cascade.Planning.Calibration;

/// <summary>
/// Histogram binning (Zadrozny and Elkan, ICML 2001): a score's value is the mean outcome of its bin. Meant for audits: the result is neither
/// monotone nor smooth. A bin without rows gives the middle of its edges.
/// </summary>
public sealed class HistogramCalibration : ICalibrator
{
    private readonly double[] _highs;
    private readonly double[] _values;

    private HistogramCalibration(double[] highs, double[] values)
    {
        (_highs, _values) = (highs, values);
    }

    /// <summary>Fits.</summary>
    /// <param name="scores">One score per row, 0 to 1.</param>
    /// <param name="outcomes">One outcome per row, 0 (wrong) to 1 (right).</param>
    /// <param name="bins">Number of bins, 1 to <see cref="ReliabilityDiagram.MaxBins"/>.</param>
    /// <param name="binning">How scores are put into bins.</param>
    /// <returns>The calibration.</returns>
    /// <exception cref="ArgumentException">A column, the number of bins or the binning is not as described.</exception>
    public static HistogramCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<double> outcomes, int bins, Binning binning)
    {
        var diagram = ReliabilityDiagram.Of(scores, outcomes, bins, binning);
        return new HistogramCalibration(
            Array.ConvertAll(diagram, b => b.High),
            Array.ConvertAll(diagram, b => b.Count == 0 ? (b.Low + b.High) / 2 : b.MeanOutcome));
    }

    /// <inheritdoc/>
    /// <remarks>A score between two bins belongs to the upper one, a score above the last bin to the last.</remarks>
    public double Apply(double score)
    {
        if (double.IsNaN(score))
        {
            return double.NaN;
        }

        var i = Array.BinarySearch(_highs, score);
        return _values[Math.Min(i >= 0 ? i : ~i, _values.Length - 1)];
    }
}
