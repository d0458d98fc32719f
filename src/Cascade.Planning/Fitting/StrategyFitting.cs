using Cascade.Planning.Evaluation;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Fitting;

/// <summary>A strategy that was tried, with what its candidates deliver on the rows to choose on when it was fitted.</summary>
internal sealed record StrategyFitting(StrategyRun Run, CandidateBook? Book)
{
    /// <summary>Fits a strategy and runs its candidates. Whatever the strategy throws becomes its reason: one faulty strategy must not cost the others.</summary>
    public static StrategyFitting Of(
        ICascadeStrategy strategy, FitContext context, SplitOutcomes outcomes, RowParts parts, CancellationToken cancellationToken)
    {
        var run = new StrategyRun { Strategy = strategy.Name, Complexity = strategy.Complexity, Status = StrategyStatus.Fitted };
        try
        {
            if (strategy.Unfit(context) is { } reason)
            {
                return new StrategyFitting(run with { Status = StrategyStatus.Unfit, Reason = reason }, null);
            }

            var fitted = strategy.Fit(context);
            Require(fitted, context);
            var book = CandidateBook.Of(fitted, context.Models, EvidenceOf(fitted, outcomes.Choose), parts, cancellationToken);
            return new StrategyFitting(run with { Fitted = fitted, Frontier = book.Frontier }, book);
        }
        catch (Exception e) when (!IsCancellation(e, cancellationToken))
        {
            return new StrategyFitting(Failed(run, e), null);
        }
    }

    /// <summary>The evidence of a strategy's candidates; what they share is computed once.</summary>
    public static Func<Candidate, Evidence> EvidenceOf(FittedStrategy fitted, OutcomeTable table) => new CandidateEvidence(fitted, table).For;

    public static StrategyRun Failed(StrategyRun run, Exception e) => new()
    {
        Strategy = run.Strategy,
        Complexity = run.Complexity,
        Status = StrategyStatus.Failed,
        Reason = $"{e.GetType().Name}: {e.Message}",
    };

    public static bool IsCancellation(Exception e, CancellationToken cancellationToken) =>
        e is OperationCanceledException && cancellationToken.IsCancellationRequested;

    private static void Require(FittedStrategy fitted, FitContext context)
    {
        if (fitted.Candidates.IsDefaultOrEmpty || fitted.ScoreModels.IsDefault || fitted.ScoreModels.Length != context.Models.Length)
        {
            throw new InvalidOperationException(
                $"'{fitted.Strategy}' offers {(fitted.Candidates.IsDefault ? 0 : fitted.Candidates.Length)} candidates and "
                + $"{(fitted.ScoreModels.IsDefault ? 0 : fitted.ScoreModels.Length)} score models for {context.Models.Length} models; "
                + "it has to offer at least one candidate and a score model, or null, for each model");
        }
    }
}
