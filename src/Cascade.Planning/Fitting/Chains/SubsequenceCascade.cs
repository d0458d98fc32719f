using Cascade.Planning.Plans;

namespace Cascade.Planning.Fitting;

/// <summary>
/// Any models one after the other in order of cost, up to <see cref="FitOptions.MaxChainLength"/> of them: for each shadow price the thresholds
/// of every such subsequence by backward induction, which satisfy the first-order conditions by construction. After the optimal subsequence of
/// Bouchard, arXiv 2605.06350, whose genetic search it replaces.
/// </summary>
/// <remarks>
/// Of more than <see cref="MostModels"/> models, the ones nearest to the hull of all take part in chains of three and more; pairs of all models
/// are offered with every corner of their hulls. At every price the best of them is worth at least
/// as much on the fit rows as the best threshold pair and as any model alone.
/// </remarks>
public sealed class SubsequenceCascade : ICascadeStrategy
{
    /// <summary>Most models that subsequences are formed of.</summary>
    public const int MostModels = 12;

    /// <inheritdoc />
    public string Name => "subsequence-cascade";

    /// <inheritdoc />
    public string? Unfit(FitContext context) => FitCheck.Thresholds(context);

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        FitCheck.Require(this, context);
        var pool = StagePool.Of(context);
        var models = ModelPool.Nearest(pool, MostModels);
        var candidates = new CandidatePool();
        for (var model = 0; model < pool.ModelCount; model++)
        {
            candidates.Add(pool.Direct(model), ChainSpec.Direct(model));
        }

        var pairs = ChainPrices.Pairs(pool);
        if (context.Options.MaxChainLength > 1)
        {
            pairs.AddTo(candidates, context.Options.MaxCandidates);
        }

        var search = new Search(pool, models, Math.Max(1, context.Options.MaxChainLength), candidates);
        foreach (var price in ChainPrices.Of(pool, pairs, context.Options.PriceGridSize))
        {
            search.At(price);
        }

        return new FittedStrategy
        {
            Strategy = Name,
            Candidates = candidates.Select(context.Options.MaxCandidates),
            ScoreModels = context.ScoreModels,
        };
    }

    private sealed class Search(StagePool pool, int[] models, int mostStages, CandidatePool candidates)
    {
        private readonly ChainInduction _induction = new(pool, mostStages);
        private readonly List<int> _chain = [];

        public void At(double price)
        {
            for (var last = 0; last < models.Length; last++)
            {
                _induction.End(models[last]);
                _chain.Add(models[last]);
                Extend(last, price);
                _chain.Clear();
            }
        }

        private void Extend(int before, double price)
        {
            var stages = _chain.Count;
            for (var i = before - 1; i >= 0 && stages < mostStages; i--)
            {
                if (!pool.IsScored(models[i]))
                {
                    continue;
                }

                // A stage that accepts every answer or none adds nothing: the shorter chain without its other side is tried on its own.
                if (double.IsInfinity(_induction.Prepend(stages, models[i], price)))
                {
                    continue;
                }

                _chain.Add(models[i]);
                candidates.Add(_induction.CostUsd(stages + 1), _induction.Quality(stages + 1), Spec(stages + 1));
                Extend(i, price);
                _chain.RemoveAt(stages);
            }
        }

        private ChainSpec Spec(int stages) =>
            new() { Models = [.. Enumerable.Reverse(_chain)], Thresholds = [.. _induction.Thresholds(stages)] };
    }
}
