namespace Cascade.Planning.Calibration;

/// <summary>A fitted map from a score to what can be expected of it. Immutable and thread-safe.</summary>
public interface ICalibrator
{
    /// <summary>Calibrates a score.</summary>
    /// <param name="score">The score, in the range it was fitted on; NaN stays NaN.</param>
    /// <returns>The expected value.</returns>
    double Apply(double score);
}
