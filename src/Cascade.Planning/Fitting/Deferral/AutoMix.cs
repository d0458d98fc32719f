using System.Collections.Immutable;
using Cascade.Planning.Levels;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;
using Cascade.Planning.Sweeps;

namespace Cascade.Planning.Fitting;

/// <summary>
/// Pairs that escalate by the level of the draft's self-verification (Madaan, Aggarwal et al., arXiv 2310.12963). The verification is paid for on every
/// draft. Few levels leave few sets of them, of which the best at every price are known exactly (<see cref="LevelMethod.Optimal"/>); the published
/// methods, which pick one set per pair by ΔIBC, are for comparison.
/// </summary>
public sealed class AutoMix : ICascadeStrategy
{
    /// <summary>The signal that is taken when a model has it: the share of verdicts that approve, 0 to 1. Otherwise its most telling signal.</summary>
    public const string SelfVerification = "self_verification";

    private readonly LevelMethod _method;

    /// <summary>Creates the strategy.</summary>
    /// <param name="method">How the levels that escalate are found.</param>
    /// <exception cref="ArgumentOutOfRangeException">The method is not one of the list.</exception>
    public AutoMix(LevelMethod method = LevelMethod.Optimal)
    {
        _method = method;
        Name = method switch
        {
            LevelMethod.Optimal => "automix",
            LevelMethod.CompatThreshold => "automix-threshold-compat",
            LevelMethod.CompatDoubleThreshold => "automix-double-threshold-compat",
            LevelMethod.CompatPomdp => "automix-pomdp-compat",
            LevelMethod.CompatGreedy => "automix-greedy-compat",
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "give one of the methods"),
        };
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public string? Unfit(FitContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return SignalSelection.HasAny(context.Outcomes, _ => true)
            ? null
            : $"no model has a confidence signal; record '{SelfVerification}', the share of a model's verdicts on its own answer that approve";
    }

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        FitColumns.RequireFit(this, context);
        var scoreModels = Enumerable.Range(0, context.Models.Length).Select(m => (ScoreModel?)Score(context, m)).ToImmutableArray();
        var scores = ScoreMatrix.Of(context.Outcomes, scoreModels);
        var pool = new OperatingPoints();
        pool.AddDirect(context);
        foreach (var (low, high) in PairSearch.Pairs(context))
        {
            if (scoreModels[low] is not null)
            {
                AddPair(context, pool, low, high, FitColumns.Filled(scores.Column(low), context.Models[low].Quality));
            }
        }

        var prices = CostPrices.Of(context.Models, context.Options.PriceGridSize);
        return new FittedStrategy
        {
            Strategy = Name,
            Candidates = pool.Select(prices, context.Options.MaxCandidates),
            ScoreModels = scoreModels,
        };
    }

    private static TransformedScore? Score(FitContext context, int model) =>
        SignalSelection.Best(context.Outcomes, model, name => name == SelfVerification)
        ?? SignalSelection.Best(context.Outcomes, model, _ => true);

    private void AddPair(FitContext context, OperatingPoints pool, int low, int high, double[] scores)
    {
        var table = LevelTable.Of(new PairRows
        {
            Scores = scores,
            LowQuality = context.Outcomes.Quality(low),
            HighQuality = context.Outcomes.Quality(high),
            LowCostUsd = FitColumns.Sum(context.Outcomes.CostUsd(low), context.Outcomes.JudgeCostUsd(low)),
            HighCostUsd = context.Outcomes.CostUsd(high),
        });
        var proposals = _method == LevelMethod.Optimal
            ? LevelMethods.Propose(table, _method)
            : LevelMethods.Published(table, _method, context.Models[low].CostUsd) is { } published ? [published] : [];
        foreach (var escalates in proposals)
        {
            // None escalating is the cheap model alone; all, the strong one with a draft for nothing.
            if (escalates.Contains(true) && escalates.Contains(false))
            {
                var (quality, cost, _) = table.Expect(escalates.AsSpan());
                var policy = new LevelPairSpec { Low = low, High = high, Boundaries = table.Boundaries, Escalates = escalates };
                pool.Add(new Candidate(policy, 0), (low * context.Models.Length) + high, cost, quality);
            }
        }
    }
}
