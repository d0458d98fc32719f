using Cascade.Planning.Plans;

namespace Cascade.Planning.Fitting;

/// <summary>
/// A cheap model drafts, a dearer one answers again when the draft scores below a threshold; which two models they are depends on the budget.
/// Offers the thresholds of all pairs that are worth trying, and every model on its own.
/// </summary>
/// <param name="options">How pairs are fitted.</param>
public sealed class PairwiseEnvelope(PairOptions options) : ICascadeStrategy
{
    /// <summary>The strategy with the options' defaults.</summary>
    public PairwiseEnvelope()
        : this(new PairOptions())
    {
    }

    /// <inheritdoc />
    public string Name => options.Smooth ? "pairwise-envelope-smooth" : "pairwise-envelope";

    /// <inheritdoc />
    public int Complexity => 1;

    /// <inheritdoc />
    public string? Unfit(FitContext context) => FitCheck.Thresholds(context);

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        FitCheck.Require(this, context);
        var pool = StagePool.Of(context);
        var pairs = PairFrontiers.Of(pool, options);
        var candidates = new CandidatePool();
        for (var m = 0; m < pool.ModelCount; m++)
        {
            candidates.Add(pool.Direct(m), ChainSpec.Direct(m));
        }

        pairs.AddTo(candidates, context.Options.MaxCandidates);
        return new FittedStrategy
        {
            Strategy = Name,
            Candidates = candidates.Select(context.Options.MaxCandidates),
            ScoreModels = context.ScoreModels,
            Remarks = PairRemarks.Of(context, pairs.Pairs),
        };
    }
}
