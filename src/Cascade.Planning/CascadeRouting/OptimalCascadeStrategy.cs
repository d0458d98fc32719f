using System.Collections.Immutable;
using Cascade.Planning.Estimation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.CascadeRouting;

/// <summary>
/// Fits <see cref="OptimalCascadeSpec"/>: the chain of all non-dominated models in order of cost, as published, with operating points along λ; and for
/// each of some prices the short chain that is worth most at it, as a long chain pays for models that tell little. The models
/// of the long chain alone, whose answers nobody judges, are among the candidates.
/// </summary>
public sealed class OptimalCascadeStrategy : ICascadeStrategy
{
    /// <summary>Most models of the long chain.</summary>
    public const int MaxChain = 16;

    /// <summary>Most models from which short chains are made.</summary>
    public const int MaxShortChainPool = 6;

    private const int ShortChainPrices = 12;

    private readonly IEstimatorTrainer? _trainer;

    /// <summary>Creates the strategy without estimates before a model runs: models count with their means.</summary>
    public OptimalCascadeStrategy()
    {
    }

    /// <summary>Creates the strategy.</summary>
    /// <param name="trainer">Trains what estimates quality and cost before a model runs.</param>
    public OptimalCascadeStrategy(IEstimatorTrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        _trainer = trainer;
    }

    /// <summary><c>optimal-cascade</c>, followed by the trainer's name when there is one.</summary>
    public string Name => _trainer is null ? "optimal-cascade" : $"optimal-cascade-{_trainer.Name}";

    /// <summary>2 when scores alone are looked at, 4 with estimates before every step.</summary>
    public int Complexity => _trainer is null ? 2 : 4;

    /// <inheritdoc />
    public string? Unfit(FitContext context) => FitInput.Unfit(context, needsScores: true);

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        FitInput.Require(this, context);
        var crossFitted = _trainer is null ? null : CrossFit.Train(_trainer, context.Outcomes, context.Options.Seed);
        var prices = new CostSpreadPrices(context, crossFitted?.OutOfFold);
        var count = Math.Max(2, Math.Min(context.Options.PriceGridSize, context.Options.MaxCandidates - ShortChainPrices - MaxChain));
        var pool = CandidatePool.NonDominated(context.Models, MaxChain);
        var unseen = context with { Scores = OutOfFoldScores.Of(context) };
        var chain = Spec(unseen, crossFitted?.OutOfFold, pool);
        var grid = prices.Of(chain.Compile(context.Models), count);
        return new FittedStrategy
        {
            Strategy = Name,
            Candidates =
            [
                .. pool.Select(model => new Candidate(ChainSpec.Direct(model), 0))
                    .Concat(grid.Select(price => new Candidate(chain, price)))
                    .Concat(ShortChains(unseen, crossFitted?.OutOfFold, prices, grid))
                    .Take(context.Options.MaxCandidates),
            ],
            ScoreModels = context.ScoreModels,
            Estimator = crossFitted?.Estimator,
        };
    }

    private static IEnumerable<Candidate> ShortChains(FitContext context, PriorMatrix? priors, CostSpreadPrices sample, double[] grid)
    {
        var pool = CandidatePool.NonDominated(context.Models, MaxShortChainPool);
        var chains = Enumerable.Range(1, (1 << pool.Length) - 1)
            .Select(set => pool.Where((_, i) => (set >> i & 1) != 0).ToArray())
            .Where(chain => chain.Length >= 2 && chain.Length <= context.Options.MaxChainLength && chain.Length < pool.Length)
            .Select(chain => Spec(context, priors, chain))
            .ToList();
        double[] prices = [.. Enumerable.Range(0, ShortChainPrices).Select(i => grid[i * (grid.Length - 1) / (ShortChainPrices - 1)]).Distinct()];
        var (best, value) = (new PolicySpec?[prices.Length], new double[prices.Length]);
        foreach (var chain in chains)
        {
            var policy = chain.Compile(context.Models);
            for (var p = 0; p < prices.Length; p++)
            {
                var result = sample.Run(policy, prices[p]);
                var worth = result.MeanQuality - (prices[p] * result.MeanCostUsd);
                (best[p], value[p]) = best[p] is null || worth > value[p] ? (chain, worth) : (best[p], value[p]);
            }
        }

        return prices.Select((price, p) => (best[p], price)).Where(c => c.Item1 is not null).Select(c => new Candidate(c.Item1!, c.price));
    }

    private static OptimalCascadeSpec Spec(FitContext context, PriorMatrix? priors, int[] chain) => new()
    {
        Models = ImmutableArray.Create(chain),
        Evidence = EvidenceFit.Of(context.Outcomes, context.Scores, priors, chain),
    };
}
