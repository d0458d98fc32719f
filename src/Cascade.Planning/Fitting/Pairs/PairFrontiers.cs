using System.Collections.Immutable;
using Cascade.Planning.Calibration;
using Cascade.Planning.Frontier;
using Cascade.Planning.Plans;
using Cascade.Planning.Sweeps;

namespace Cascade.Planning.Fitting;

/// <summary>
/// The threshold pairs of a pool: every two models in order of mean cost, the first of which has scores. Immutable.
/// </summary>
/// <remarks>
/// After Bouchard, "Is Escalation Worth It?", arXiv 2605.06350: the frontier of deterministic two-model cascades is the pointwise maximum over
/// pairs. Thresholds are swept exactly (<see cref="PairSweep"/>) on the fit rows, where the publication sweeps a grid on the rows it reports.
/// </remarks>
public sealed class PairFrontiers
{
    private readonly ImmutableArray<(ModelPair Pair, CostFrontier Hull, PairCurve Curve)> _hulls;
    private readonly StagePool _pool;

    private PairFrontiers(
        StagePool pool, ImmutableArray<PairEvidence> pairs, ImmutableArray<(ModelPair Pair, CostFrontier Hull, PairCurve Curve)> hulls)
    {
        (_pool, Pairs, _hulls) = (pool, pairs, hulls);
        SwitchingPoints = UpperEnvelope.Of([.. hulls.Select(h => (h.Pair, h.Hull.Vertices))]);
    }

    /// <summary>All pairs, those that never escalate among them, in order of the first model and then of the second.</summary>
    public ImmutableArray<PairEvidence> Pairs { get; }

    /// <summary>
    /// Where the best of the pairs that escalate changes, in order of cost. Each pair counts with the hull of its thresholds on the fit rows; the
    /// strong model alone is not among them. Empty when one pair is best at every cost.
    /// </summary>
    public ImmutableArray<SwitchingPoint> SwitchingPoints { get; }

    /// <summary>Sweeps all pairs; O(k² n) after one sort per model.</summary>
    /// <param name="context">The outcomes.</param>
    /// <param name="options">How pairs are fitted.</param>
    /// <returns>The pairs; none when there is one model only, or none with scores that another could follow.</returns>
    public static PairFrontiers Of(FitContext context, PairOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Of(StagePool.Of(context), options);
    }

    internal static PairFrontiers Of(StagePool pool, PairOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var pairs = ImmutableArray.CreateBuilder<PairEvidence>();
        var hulls = ImmutableArray.CreateBuilder<(ModelPair, CostFrontier, PairCurve)>();
        for (var low = 0; low < pool.ModelCount - 1; low++)
        {
            for (var high = low + 1; pool.IsScored(low) && high < pool.ModelCount; high++)
            {
                var evidence = EvidenceOf(pool, new ModelPair(low, high), options.NoBenefitAuroc);
                pairs.Add(evidence);
                if (evidence.Escalates)
                {
                    var curve = Sweep(pool, evidence.Pair, options.Smooth);
                    hulls.Add((evidence.Pair, Hull(pool.Direct(low), curve), curve));
                }
            }
        }

        return new PairFrontiers(pool, pairs.ToImmutable(), hulls.ToImmutable());
    }

    /// <summary>
    /// Adds every corner of every pair's hull, and of each pair its share of <paramref name="most"/> thresholds at quantiles of the score: the hull
    /// of one pair has few corners, and other rows have others.
    /// </summary>
    internal void AddTo(CandidatePool candidates, int most)
    {
        foreach (var (pair, _, _) in _hulls)
        {
            AddTo(candidates, pair, most / _hulls.Length);
        }
    }

    /// <summary>Adds the corners of one pair's hull, and so many thresholds at quantiles of the score.</summary>
    internal void AddTo(CandidatePool candidates, ModelPair pair, int quantiles)
    {
        var (_, hull, curve) = _hulls.First(h => h.Pair == pair);
        var groups = curve.Points.Length - 1;
        var steps = Math.Min(quantiles, groups);
        var between = Enumerable.Range(1, steps).Select(q => curve.Points[(int)((long)q * groups / (steps + 1))]);
        foreach (var point in hull.Vertices.Concat(between))
        {
            if (curve.PolicyOf(point.Policy) is { Kind: PairPolicyKind.Threshold, Threshold: var threshold })
            {
                candidates.Add(point, ChainSpec.Pair(pair.Low, pair.High, threshold));
            }
        }
    }

    /// <summary>
    /// The pair whose thresholds and two models alone buy most quality on average over all budgets from the cheapest to the dearest model; a
    /// budget that it cannot meet buys nothing. Null when no pair escalates.
    /// </summary>
    internal ModelPair? Best()
    {
        var (from, to) = (_pool.Direct(0).CostUsd, _pool.Direct(_pool.ModelCount - 1).CostUsd);
        return _hulls.IsEmpty ? null : _hulls.MaxBy(h => Area(CostFrontier.Of([.. h.Hull.Vertices, _pool.Direct(h.Pair.High)]), from, to)).Pair;
    }

    private static double Area(CostFrontier hull, double from, double to)
    {
        var area = 0.0;
        var (cost, quality) = (Math.Max(from, hull.Vertices[0].CostUsd), hull.Vertices[0].Quality);
        foreach (var vertex in hull.Vertices.AsSpan()[1..])
        {
            area += (vertex.CostUsd - cost) * ((vertex.Quality + quality) / 2);
            (cost, quality) = (vertex.CostUsd, vertex.Quality);
        }

        // Models of equal cost leave no range of budgets to average over: the better end decides.
        return to > from ? area + ((to - cost) * quality) : quality;
    }

    private static PairEvidence EvidenceOf(StagePool pool, ModelPair pair, double limit)
    {
        var (low, high) = (pool.Quality(pair.Low), pool.Quality(pair.High));
        var helps = new bool[low.Length];
        for (var i = 0; i < helps.Length; i++)
        {
            helps[i] = high[i] > low[i];
        }

        var auroc = 1 - CalibrationMetrics.Auroc(pool.Groups(pair.Low), helps);
        var mean = StagePool.Mean(high) - StagePool.Mean(low);
        return new PairEvidence(pair, auroc, mean, double.IsNaN(auroc) ? mean > 0 : auroc > limit);
    }

    private static PairCurve Sweep(StagePool pool, ModelPair pair, bool smooth)
    {
        var rows = new PairRows
        {
            Scores = pool.Scores(pair.Low),
            LowQuality = pool.Quality(pair.Low),
            HighQuality = pool.Quality(pair.High),
            LowCostUsd = pool.JudgedCostUsd(pair.Low),
            HighCostUsd = pool.CostUsd(pair.High),
        };
        return smooth ? PairSweep.Smooth(rows, pool.Groups(pair.Low), EscalationCost.Linear) : PairSweep.Exact(rows, pool.Groups(pair.Low));
    }

    private static CostFrontier Hull(FrontierPoint direct, PairCurve curve)
    {
        // Without a threshold nothing is judged, and nothing is paid for it.
        var points = curve.Points.ToArray();
        points[0] = direct with { Policy = 0 };
        return CostFrontier.Of(points);
    }
}
