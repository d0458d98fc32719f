namespace Cascade.Planning.Calibration;

/// <summary>
/// Murphy's decomposition of the Brier score (Journal of Applied Meteorology 12, 1973), over groups of exactly equal scores:
/// Brier = reliability − resolution + uncertainty. The identity holds for outcomes between 0 and 1 too, with their variance as uncertainty.
/// </summary>
/// <param name="Brier">Mean squared distance of score and outcome, 0 to 1; lower is better.</param>
/// <param name="Reliability">Mean squared distance of score and its group's mean outcome; 0 is calibrated.</param>
/// <param name="Resolution">Variance of the groups' mean outcomes; higher tells answers apart better.</param>
/// <param name="Uncertainty">Variance of the outcomes, ȳ(1 − ȳ) for outcomes of 0 and 1.</param>
public readonly record struct BrierScore(double Brier, double Reliability, double Resolution, double Uncertainty);
