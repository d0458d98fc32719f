using Cascade.Planning.Plans;

namespace Cascade.Planning.Fitting;

/// <summary>
/// One cheap and one dearer model for every budget, with every threshold between them: the pair that buys most quality on average over all
/// budgets. The simplest cascade there is, and what a choice among pairs has to beat.
/// </summary>
/// <param name="options">How pairs are fitted.</param>
public sealed class ThresholdPair(PairOptions options) : ICascadeStrategy
{
    /// <summary>The strategy with the options' defaults.</summary>
    public ThresholdPair()
        : this(new PairOptions())
    {
    }

    /// <inheritdoc />
    public string Name => options.Smooth ? "threshold-pair-smooth" : "threshold-pair";

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
        if (pairs.Best() is { } best)
        {
            candidates.Add(pool.Direct(best.Low), ChainSpec.Direct(best.Low));
            candidates.Add(pool.Direct(best.High), ChainSpec.Direct(best.High));
            pairs.AddTo(candidates, best, context.Options.MaxCandidates);
        }
        else
        {
            candidates.Add(pool.Direct(0), ChainSpec.Direct(0));
            candidates.Add(pool.Direct(pool.ModelCount - 1), ChainSpec.Direct(pool.ModelCount - 1));
        }

        return new FittedStrategy
        {
            Strategy = Name,
            Candidates = candidates.Select(context.Options.MaxCandidates),
            ScoreModels = context.ScoreModels,
            Remarks = PairRemarks.Of(context, pairs.Pairs),
        };
    }
}
