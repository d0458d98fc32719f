namespace Cascade.Planning.Frontier;

/// <summary>What a policy costs and delivers on average.</summary>
/// <param name="CostUsd">Mean cost per request in dollars, 0 to 1e100.</param>
/// <param name="Quality">Mean quality per request, within ±1e100; usually 0 to 1.</param>
/// <param name="Policy">The caller's number of the policy.</param>
public readonly record struct FrontierPoint(double CostUsd, double Quality, int Policy);
