using Cascade.Planning.Estimation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.CascadeRouting;

/// <summary>
/// Fits <see cref="CascadeRoutingSpec"/>: one evidence model over the models worth considering, operating points along λ. Works with estimates before
/// a model runs, with scores of answers, or with both. Where scores cost money, policies that call one model and read no score are offered too, as
/// whether an answer is judged cannot be decided from request to request.
/// </summary>
public sealed class CascadeRoutingStrategy : ICascadeStrategy
{
    /// <summary>Most models weighed against each other; sets of models are too many beyond.</summary>
    public const int MaxPool = 11;

    private readonly IEstimatorTrainer? _trainer;

    /// <summary>Creates the strategy without estimates before a model runs: models count with their means.</summary>
    public CascadeRoutingStrategy()
    {
    }

    /// <summary>Creates the strategy.</summary>
    /// <param name="trainer">Trains what estimates quality and cost before a model runs.</param>
    public CascadeRoutingStrategy(IEstimatorTrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        _trainer = trainer;
    }

    /// <summary><c>cascade-routing</c>, followed by the trainer's name when there is one.</summary>
    public string Name => _trainer is null ? "cascade-routing" : $"cascade-routing-{_trainer.Name}";

    /// <summary>4: all that can be learned is looked at before every step.</summary>
    public int Complexity { get; } = 4;

    /// <summary>Looks one model ahead only, see <see cref="CascadeRoutingSpec.Greedy"/>.</summary>
    public bool Greedy { get; init; }

    /// <summary>Most models that may answer one request, at least 1.</summary>
    public int MaxCalls { get; init; } = CascadeRoutingSpec.DefaultMaxCalls;

    /// <inheritdoc />
    public string? Unfit(FitContext context) => FitInput.Unfit(context, needsScores: _trainer is null);

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        FitInput.Require(this, context);
        var crossFitted = _trainer is null ? null : CrossFit.Train(_trainer, context.Outcomes, context.Options.Seed);
        var pool = CandidatePool.Nearest(context.Models, MaxPool);
        var spec = new CascadeRoutingSpec
        {
            Models = [.. pool],
            Evidence = EvidenceFit.Of(context.Outcomes, OutOfFoldScores.Of(context), crossFitted?.OutOfFold, pool),
            MaxCalls = MaxCalls,
            Greedy = Greedy,
        };
        var prices = new CostSpreadPrices(context, crossFitted?.OutOfFold);
        var count = Math.Min(context.Options.PriceGridSize, context.Options.MaxCandidates);
        var unjudged = spec.Evidence.ScoreCostUsd.Any(c => c > 0) && MaxCalls > 1 ? Unjudged(context, spec, prices, count / 2) : [];
        return new FittedStrategy
        {
            Strategy = Name,
            Candidates = [.. Along(spec, prices.Of(spec.Compile(context.Models), count)).Concat(unjudged).Take(context.Options.MaxCandidates)],
            ScoreModels = context.ScoreModels,
            Estimator = crossFitted?.Estimator,
        };
    }

    private static IEnumerable<Candidate> Along(PolicySpec policy, double[] prices) => prices.Select(price => new Candidate(policy, price));

    private IEnumerable<Candidate> Unjudged(FitContext context, CascadeRoutingSpec spec, CostSpreadPrices prices, int count)
    {
        if (_trainer is null)
        {
            return CandidatePool.NonDominated(context.Models, MaxPool).Select(model => new Candidate(ChainSpec.Direct(model), 0));
        }

        var routed = spec with { MaxCalls = 1 };
        return Along(routed, prices.Of(routed.Compile(context.Models), Math.Max(2, count)));
    }
}
