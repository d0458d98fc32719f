using System.Collections.Immutable;
using Cascade.Planning.Copulas;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Fitting;

/// <summary>
/// The common part of the strategies that model confidences by copulas: calibrates one signal per model, fits marginals and pair copulas, and tunes
/// the chains in order of cost along the prices, each price starting from the thresholds of the one before.
/// </summary>
internal sealed class CopulaChains
{
    /// <summary>Beyond this many chains, models are left out of chains, those first that add least quality to a cheaper one.</summary>
    public const int MaxChains = 240;

    /// <summary>Every chain is tuned at each price of this step, from several starts; what comes out decides which are tuned at all prices.</summary>
    private const int CoarseStep = 12;

    private const int KeptPerPrice = 6;

    private readonly FitContext _context;
    private readonly ConfidenceMarginal[] _marginals;
    private readonly GumbelCopula[,] _copulas;
    private readonly double[] _judgeCost;

    public CopulaChains(FitContext context)
    {
        _context = context;
        var k = context.Models.Length;
        ScoreModels = SignalSelection.BestOfEach(context, _ => true);
        var scores = ScoreMatrix.Of(context.Outcomes, ScoreModels);
        var confidences = new double[k][];
        (_marginals, _judgeCost, _copulas) = (new ConfidenceMarginal[k], new double[k], new GumbelCopula[k, k]);
        for (var m = 0; m < k; m++)
        {
            // The policy reads a missing score as the model's mean quality.
            confidences[m] = FitColumns.Filled(scores.Column(m), context.Models[m].Quality);
            _marginals[m] = ConfidenceMarginal.Fit(confidences[m]);
            _judgeCost[m] = FitColumns.Mean(context.Outcomes.JudgeCostUsd(m));
            for (var before = 0; before < m; before++)
            {
                _copulas[before, m] = GumbelCopula.OfKendallTau(KendallTau.Of(confidences[before], confidences[m]));
            }
        }
    }

    public ImmutableArray<ScoreModel?> ScoreModels { get; }

    public static string? Unfit(FitContext context) => SignalSelection.HasAny(context.Outcomes, _ => true)
        ? null
        : "no model has a confidence signal; record at least one, for example the log-probability of the answer";

    public ImmutableArray<Candidate> Tune(AbstentionStages stages, double penalty)
    {
        var pool = new OperatingPoints();
        pool.AddDirect(_context);
        var prices = CostPrices.Of(_context.Models, _context.Options.PriceGridSize);
        var chains = Chains(stages == AbstentionStages.Never ? 2 : 1).ConvertAll(models => (Models: models, Chain: Chain(models)));
        var coarse = Enumerable.Range(0, (prices.Length + CoarseStep - 1) / CoarseStep).Select(i => prices[i * CoarseStep]).ToArray();
        var scouted = chains.ConvertAll(c => Array.ConvertAll(coarse, price => ChainTuner.Tune(c.Chain, price, stages, penalty)));
        foreach (var kind in Promising(scouted))
        {
            TunedChain? tuned = null;
            for (var i = 0; i < prices.Length; i++)
            {
                var known = i % CoarseStep == 0 ? scouted[kind][i / CoarseStep] : null;
                var moved = tuned is null ? null : ChainTuner.Tune(chains[kind].Chain, prices[i], stages, penalty, tuned);
                tuned = known is not null && !(moved?.Loss < known.Loss) ? known : moved!;
                var value = 1 - tuned.Expectation.Error - (penalty * tuned.Expectation.Abstained);
                pool.Add(new Candidate(Spec(chains[kind].Models, chains[kind].Chain, tuned), 0), kind, tuned.Expectation.CostUsd, value);
            }
        }

        return pool.Select(prices, _context.Options.MaxCandidates);
    }

    internal static ChainSpec Spec(ImmutableArray<int> models, ConfidenceChain chain, TunedChain tuned)
    {
        var thresholds = ImmutableArray.CreateBuilder<double>(tuned.DeferAtMost.Length);
        for (var i = 0; i < tuned.DeferAtMost.Length; i++)
        {
            // The method defers at the threshold itself, a chain below it.
            thresholds.Add(tuned.DeferAtMost[i] >= chain[i].Confidence.Max ? double.PositiveInfinity : Math.BitIncrement(tuned.DeferAtMost[i]));
        }

        return new ChainSpec { Models = models, Thresholds = thresholds.MoveToImmutable(), AbstainAtMost = tuned.AbstainAtMost };
    }

    private ConfidenceChain Chain(ImmutableArray<int> models)
    {
        var links = models.Select((m, i) => new ChainLink(
            _marginals[m], i == 0 ? default : _copulas[models[i - 1], m], _context.Models[m].CostUsd, _judgeCost[m]));
        return new ConfidenceChain([.. links]);
    }

    /// <summary>The chains that are among the best at some coarse price; the others are not worth tuning at every price.</summary>
    private static SortedSet<int> Promising(List<TunedChain[]> scouted)
    {
        var kept = new SortedSet<int>();
        for (var price = 0; scouted.Count > 0 && price < scouted[0].Length; price++)
        {
            var at = price;
            kept.UnionWith(Enumerable.Range(0, scouted.Count).OrderBy(c => scouted[c][at].Loss).Take(KeptPerPrice));
        }

        return kept;
    }

    private List<ImmutableArray<int>> Chains(int shortest)
    {
        // Models of the context are in order of cost; a chain is a subsequence.
        var models = Enumerable.Range(0, _context.Models.Length).ToList();
        while (Count(models.Count, _context.Options.MaxChainLength) > MaxChains && models.Count > 2)
        {
            models.Remove(LeastUseful(models));
        }

        var chains = new List<ImmutableArray<int>>();
        var shorter = models.Select(m => ImmutableArray.Create(m)).ToList();
        for (var length = 1; length <= _context.Options.MaxChainLength; length++)
        {
            chains.AddRange(length >= shortest ? shorter : []);
            shorter = [.. shorter.SelectMany(chain => models.Where(m => m > chain[^1]).Select(m => chain.Add(m)))];
        }

        return chains;
    }

    private int LeastUseful(List<int> models)
    {
        var (worst, least) = (models[0], double.PositiveInfinity);
        var best = double.NegativeInfinity;
        foreach (var m in models)
        {
            var gain = _context.Models[m].Quality - best;
            (worst, least) = gain < least ? (m, gain) : (worst, least);
            best = Math.Max(best, _context.Models[m].Quality);
        }

        return worst;
    }

    private static double Count(int models, int longest)
    {
        var (total, chains) = (0.0, 1.0);
        for (var length = 1; length <= Math.Min(models, longest); length++)
        {
            chains = chains * (models - length + 1) / length;
            total += chains;
        }

        return total;
    }
}
