using Cascade.Planning.Decisions;

namespace Cascade.Planning.Evaluation;

/// <summary>
/// A policy that can run over all rows at once. The duty of an implementation: the same result, row by row and bit by bit, as
/// <see cref="PolicyEvaluator.RunStepByStep"/>, which stays the definition.
/// </summary>
public interface IColumnPolicy : IDecisionPolicy
{
    /// <summary>Runs over every row.</summary>
    /// <param name="evidence">What the policy sees and what then happens; at least one row, the policy's models.</param>
    /// <param name="price">λ in quality per dollar that the policy decides with.</param>
    /// <returns>What it delivered.</returns>
    /// <exception cref="InvalidOperationException">The policy called a model that has no outcome on a row.</exception>
    PolicyResult RunAll(Evidence evidence, double price);
}
