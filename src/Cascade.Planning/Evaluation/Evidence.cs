using Cascade.Planning.Estimation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Evaluation;

/// <summary>Everything a policy sees and everything that then happens, for every row of a table.</summary>
/// <param name="Table">The outcomes.</param>
/// <param name="Scores">The scores of the answers.</param>
/// <param name="Priors">The estimates before a model runs; null when there are none.</param>
public sealed record Evidence(OutcomeTable Table, ScoreMatrix Scores, PriorMatrix? Priors)
{
    /// <summary>The evidence that the policies of a fitted strategy read.</summary>
    /// <param name="fitted">The strategy.</param>
    /// <param name="table">The rows to look at; its models are those of the fit, in the same order.</param>
    /// <returns>The evidence.</returns>
    public static Evidence For(FittedStrategy fitted, OutcomeTable table)
    {
        ArgumentNullException.ThrowIfNull(fitted);
        return new Evidence(table, ScoreMatrix.Of(table, fitted.ScoreModels), fitted.Estimator?.EstimateAll(table));
    }
}
