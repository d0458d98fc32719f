namespace Cascade.Planning.Fitting;

/// <summary>
/// Where the best pair changes as more money is spent. The price of quality may rise there, so that a mix of policies from both sides can beat
/// either pair.
/// </summary>
/// <param name="CostUsd">Mean cost per request in dollars at which it changes.</param>
/// <param name="Quality">Mean quality that the pair after it delivers there, 0 to 1.</param>
/// <param name="Before">The best pair at a slightly lower cost.</param>
/// <param name="After">The best pair at a slightly higher cost.</param>
public sealed record SwitchingPoint(double CostUsd, double Quality, ModelPair Before, ModelPair After);
