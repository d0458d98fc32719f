using System.Collections.Immutable;

namespace Cascade.Planning.Scoring;

/// <summary>Histogram binning as data; see <see cref="Calibration.HistogramCalibration"/>. It may fall where the score rises.</summary>
/// <param name="Highs">The highest score of each bin, strictly increasing; at least one.</param>
/// <param name="Values">P(answer is right) in each bin, 0 to 1; a score above the last bin takes its value.</param>
public sealed record BinMap(ImmutableArray<double> Highs, ImmutableArray<double> Values) : CalibrationMap
{
    /// <inheritdoc />
    public override double Apply(double score)
    {
        var i = Highs.BinarySearch(score);
        return Values[Math.Min(i >= 0 ? i : ~i, Values.Length - 1)];
    }
}
