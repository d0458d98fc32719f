using Cascade.Planning.Scoring;

namespace Cascade.Planning.Fitting;

/// <summary>
/// Pairs that defer on a learned estimate of what escalating gains (Gupta et al., arXiv 2404.10136, section 4): all signals and the lengths of the
/// draft as inputs, u_H − u_L of this very pair as target, an exact threshold sweep over the cross-fitted estimates.
/// </summary>
public sealed class LearnedDeferral : ICascadeStrategy
{
    private readonly DeferralTarget _target;

    /// <summary>Creates the strategy.</summary>
    /// <param name="target">What the rule predicts.</param>
    /// <exception cref="ArgumentOutOfRangeException">The target is not one of the list.</exception>
    public LearnedDeferral(DeferralTarget target = DeferralTarget.Benefit)
    {
        _target = target is DeferralTarget.Benefit or DeferralTarget.Rescue
            ? target
            : throw new ArgumentOutOfRangeException(nameof(target), target, "give Benefit or Rescue");
    }

    /// <inheritdoc />
    public string Name => _target == DeferralTarget.Benefit ? "learned-deferral" : "learned-deferral-rescue";

    /// <inheritdoc />
    public string? Unfit(FitContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return SignalSelection.HasAny(context.Outcomes, _ => true)
            ? null
            : "no model has a confidence signal; record at least one, for example the token log-probabilities' quantiles";
    }

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        FitColumns.RequireFit(this, context);
        var pool = new OperatingPoints();
        pool.AddDirect(context);
        for (var low = 0; low < context.Models.Length - 1; low++)
        {
            var rows = new DeferralRows(context.Outcomes, low, context.Options.Seed);
            for (var high = low + 1; high < context.Models.Length && rows.Features.Signals.Length > 0; high++)
            {
                var benefit = FitColumns.Difference(context.Outcomes.Quality(high), context.Outcomes.Quality(low));
                var (score, crossFitted) = rows.Fit(benefit, _target);
                var curve = PairSearch.Sweep(context, low, high, crossFitted);
                var scoreModels = PairSearch.Only(context.Models.Length, low, score);
                PairSearch.AddHull(pool, curve, low, high, (low * context.Models.Length) + high, scoreModels);
            }
        }

        var prices = CostPrices.Of(context.Models, context.Options.PriceGridSize);
        return new FittedStrategy
        {
            Strategy = Name,
            Candidates = pool.Select(prices, context.Options.MaxCandidates),
            ScoreModels = [.. context.Models.Select(_ => (ScoreModel?)null)],
        };
    }
}
