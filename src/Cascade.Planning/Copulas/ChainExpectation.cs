namespace Cascade.Planning.Copulas;

/// <summary>What a chain is expected to deliver per request.</summary>
/// <param name="Correct">P(an answer is returned and is right), 0 to 1.</param>
/// <param name="CostUsd">E[cost] in dollars.</param>
/// <param name="Abstained">P(no answer is returned), 0 to 1.</param>
public readonly record struct ChainExpectation(double Correct, double CostUsd, double Abstained)
{
    /// <summary>P(an answer is returned and is wrong).</summary>
    public double Error => Math.Max(0, 1 - Correct - Abstained);

    /// <summary>E[1[error] + λ_c · cost + λ_a · 1[abstain]].</summary>
    /// <param name="qualityPerUsd">λ_c, at least 0.</param>
    /// <param name="abstentionPenalty">λ_a, 0 to 1; 1 counts an abstention like an error.</param>
    /// <returns>The loss.</returns>
    public double Loss(double qualityPerUsd, double abstentionPenalty) =>
        Error + (qualityPerUsd * CostUsd) + (abstentionPenalty * Abstained);
}
