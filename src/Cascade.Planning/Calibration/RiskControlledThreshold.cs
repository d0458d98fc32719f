namespace Cascade.Planning.Calibration;

/// <summary>A threshold with a guarantee: escalate iff the score is below it.</summary>
/// <param name="IsFeasible">False when even escalating everything cannot be vouched for with so few rows; the threshold is then infinite.</param>
/// <param name="Threshold">−∞ never escalates, +∞ always does.</param>
/// <param name="MeanRegret">Mean regret on the calibration rows at the threshold.</param>
public readonly record struct RiskControlledThreshold(bool IsFeasible, double Threshold, double MeanRegret);
