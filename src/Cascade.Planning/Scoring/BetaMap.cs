using Cascade.Planning.Calibration;

namespace Cascade.Planning.Scoring;

/// <summary>Beta calibration as data, logit p = a·ln s − b·ln(1 − s) + c; see <see cref="BetaCalibration"/>.</summary>
/// <param name="A">Weight of ln s, finite, 0 or more.</param>
/// <param name="B">Weight of −ln(1 − s), finite, 0 or more.</param>
/// <param name="C">Intercept, finite.</param>
public sealed record BetaMap(double A, double B, double C) : CalibrationMap
{
    /// <inheritdoc />
    public override double Apply(double score)
    {
        var (low, high) = BetaCalibration.Features(score);
        return LogisticRegression.Sigmoid((A * low) + (B * high) + C);
    }
}
