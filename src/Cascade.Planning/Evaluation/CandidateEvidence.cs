using System.Collections.Immutable;
using Cascade.Planning.Estimation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Evaluation;

/// <summary>
/// The evidence of every candidate of a fitted strategy on one table. What candidates share, scores and estimates, is computed once. Not
/// thread-safe.
/// </summary>
public sealed class CandidateEvidence
{
    private readonly FittedStrategy _fitted;
    private readonly OutcomeTable _table;
    private readonly Dictionary<ImmutableArray<ScoreModel?>, ScoreMatrix> _scores = [];
    private readonly Lazy<PriorMatrix?> _priors;

    /// <summary>Creates the source.</summary>
    /// <param name="fitted">The strategy.</param>
    /// <param name="table">The rows to look at; its models are those of the fit, in the same order.</param>
    public CandidateEvidence(FittedStrategy fitted, OutcomeTable table)
    {
        ArgumentNullException.ThrowIfNull(fitted);
        ArgumentNullException.ThrowIfNull(table);
        (_fitted, _table) = (fitted, table);
        _priors = new Lazy<PriorMatrix?>(() => fitted.Estimator?.EstimateAll(table));
    }

    /// <summary>The evidence that a candidate's policy reads.</summary>
    /// <param name="candidate">A candidate of the strategy.</param>
    /// <returns>The evidence.</returns>
    public Evidence For(Candidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        var models = candidate.ScoreModels ?? _fitted.ScoreModels;
        if (!_scores.TryGetValue(models, out var scores))
        {
            scores = ScoreMatrix.Of(_table, models);
            _scores.Add(models, scores);
        }

        return new Evidence(_table, scores, _priors.Value);
    }
}
