using Cascade.Planning.Calibration;

namespace Cascade.Planning.Scoring;

/// <summary>Platt scaling as data, σ(a·logit(s) + b); see <see cref="PlattCalibration"/>.</summary>
/// <param name="Slope">a, finite, 0 or more.</param>
/// <param name="Intercept">b, finite.</param>
public sealed record PlattMap(double Slope, double Intercept) : CalibrationMap
{
    /// <inheritdoc />
    public override double Apply(double score) => LogisticRegression.Sigmoid((Slope * PlattCalibration.Logit(score)) + Intercept);
}
