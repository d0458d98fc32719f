using System.Collections.Immutable;

namespace Cascade.Planning.Scoring;

/// <summary>An isotonic fit as data: a rising, right-continuous step; see <see cref="Calibration.IsotonicFit"/>.</summary>
/// <param name="Starts">The lowest score of each step, strictly increasing; at least one.</param>
/// <param name="Values">P(answer is right) on each step, 0 to 1; a score below the first step takes its value.</param>
public sealed record StepMap(ImmutableArray<double> Starts, ImmutableArray<double> Values) : CalibrationMap
{
    /// <inheritdoc />
    public override double Apply(double score)
    {
        var i = Starts.BinarySearch(score);
        return Values[i >= 0 ? i : Math.Max(0, ~i - 1)];
    }
}
