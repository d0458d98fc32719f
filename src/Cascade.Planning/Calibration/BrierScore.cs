namespace Cascade.Planning.Calibration;

/// <summary>
/// Murphy's decomposition of the Brier score (Journal of Applied Meteorology 12, 1973), over groups of exactly equal scores:
/// Brier = reliability − resolution + uncertainty. With outcomes other than 0 and 1 the identity holds with the outcomes' variance within
/// groups left in: Brier = reliability − resolution + uncertainty, where uncertainty is the outcomes' variance.
/// </summary>
/// <param name="Brier">Mean squared distance of score and outcome, 0 to 1; lower is better.</param>
/// <param name="Reliability">Mean squared distance of score and its group's mean outcome; 0 is calibrated.</param>
/// <param name="Resolution">Variance of the groups' mean outcomes; higher tells answers apart better.</param>
/// <param name="Uncertainty">Variance of the outcomes, ȳ(1 − ȳ) for outcomes of 0 and 1.</param>
public readonly record struct BrierScore(double Brier, double Reliability, double Resolution, double Uncertainty);
