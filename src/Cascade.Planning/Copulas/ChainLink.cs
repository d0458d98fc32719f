namespace Cascade.Planning.Copulas;

/// <summary>A model of a <see cref="ConfidenceChain"/>.</summary>
/// <param name="Confidence">How its calibrated confidence is distributed.</param>
/// <param name="Dependence">How that depends on the confidence of the model before it in the chain; not read at the first.</param>
/// <param name="CostUsd">Mean cost of a call in dollars, at least 0.</param>
/// <param name="JudgeCostUsd">Mean cost in dollars of obtaining the confidence, at least 0; not paid at a last stage that accepts unseen.</param>
public sealed record ChainLink(ConfidenceMarginal Confidence, GumbelCopula Dependence, double CostUsd, double JudgeCostUsd);
