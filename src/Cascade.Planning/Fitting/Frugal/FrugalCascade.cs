using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Fitting;

/// <summary>
/// FrugalGPT (Chen, Zaharia and Zou, arXiv 2305.05176): a list of up to three models in any order, an answer accepted when a scorer of its own
/// thinks it right. The scorer is a logistic regression per model on every recorded signal and the answer's length (<see cref="LogisticScorer"/>).
/// </summary>
/// <remarks>
/// Lists may have one, two or three models, where the published search forces three. Thresholds are fitted on scores of rows that the scorer has
/// not seen, where the publication tunes them on its training rows, and the hull over all lists replaces a search per budget. Of more than
/// <see cref="MostModels"/> models, the ones nearest to the hull of all take part.
/// </remarks>
public sealed class FrugalCascade : ICascadeStrategy
{
    /// <summary>Most models that lists are formed of.</summary>
    public const int MostModels = 8;

    /// <summary>Most models of a list.</summary>
    public const int MostStages = 3;

    /// <inheritdoc />
    public string Name => "frugal-gpt";

    /// <inheritdoc />
    public string? Unfit(FitContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Models.Length < 2)
        {
            return FitCheck.Thresholds(context);
        }

        return !LogisticScorer.CanScore(context.Outcomes)
            ? "no answer has a signal or a length that takes two values, so that there is nothing to score it by; record signals or output tokens"
            : null;
    }

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        FitCheck.Require(this, context);
        var pool = StagePool.Of(context, LogisticScorer.CrossFit(context.Outcomes, context.Options.Seed));
        var models = ModelPool.Nearest(pool, MostModels);
        var candidates = new CandidatePool();
        foreach (var model in models)
        {
            candidates.Add(pool.Direct(model), ChainSpec.Direct(model));
        }

        ListSearch.AddTo(candidates, pool, models, Math.Min(MostStages, context.Options.MaxChainLength));
        return new FittedStrategy
        {
            Strategy = Name,
            Candidates = candidates.Select(context.Options.MaxCandidates),
            ScoreModels = LogisticScorer.Fit(context.Outcomes),
        };
    }
}
