using Cascade.Planning.Plans;

namespace Cascade.Planning.Fitting;

/// <summary>
/// All models that no other beats in both mean cost and mean quality, one after the other in order of cost, for every budget: the full fixed
/// chain of Bouchard, arXiv 2605.06350. A model without scores is left out unless it is the last. Its length is not limited by
/// <see cref="FitOptions.MaxChainLength"/>.
/// </summary>
/// <remarks>
/// Thresholds satisfy the first-order conditions of the shadow price they were fitted for (backward induction, <see cref="Sweeps.ChainFit"/>),
/// where the publication searches them by a genetic algorithm. Every stage that is reached is paid for, which is what a choice among
/// subsequences saves. The ends of the chain on their own are offered too.
/// </remarks>
public sealed class FixedChain : ICascadeStrategy
{
    /// <summary>One chain takes so little time that it is fitted for more prices than <see cref="FitOptions.PriceGridSize"/>, by this factor.</summary>
    internal const int PriceFactor = 4;

    /// <inheritdoc />
    public string Name => "fixed-chain";

    /// <inheritdoc />
    public string? Unfit(FitContext context) => FitCheck.Thresholds(context);

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        FitCheck.Require(this, context);
        var pool = StagePool.Of(context);
        var pareto = ModelPool.NonDominated(pool);
        int[] chain = [.. pareto[..^1].Where(pool.IsScored), pareto[^1]];
        var candidates = new CandidatePool();
        candidates.Add(pool.Direct(chain[0]), ChainSpec.Direct(chain[0]));
        candidates.Add(pool.Direct(chain[^1]), ChainSpec.Direct(chain[^1]));
        QuantileChain.AddTo(candidates, pool, chain, context.Options.MaxCandidates);
        AddTo(candidates, pool, chain, ChainPrices.Of(pool, ChainPrices.Pairs(pool), PriceFactor * context.Options.PriceGridSize));
        return new FittedStrategy
        {
            Strategy = Name,
            Candidates = candidates.Select(context.Options.MaxCandidates),
            ScoreModels = context.ScoreModels,
        };
    }

    /// <summary>Adds a chain's thresholds for each price.</summary>
    internal static void AddTo(CandidatePool candidates, StagePool pool, int[] chain, double[] prices)
    {
        var induction = new ChainInduction(pool, chain.Length);
        foreach (var price in prices)
        {
            induction.End(chain[^1]);
            for (var stages = 1; stages < chain.Length; stages++)
            {
                induction.Prepend(stages, chain[^(stages + 1)], price);
            }

            var thresholds = induction.Thresholds(chain.Length);
            var end = Array.FindIndex(thresholds, double.IsNegativeInfinity);
            var used = end < 0 ? chain.Length : end + 1;
            candidates.Add(
                induction.CostUsd(chain.Length),
                induction.Quality(chain.Length),
                new ChainSpec { Models = [.. chain[..used]], Thresholds = [.. thresholds[..(used - 1)]] });
        }
    }
}
