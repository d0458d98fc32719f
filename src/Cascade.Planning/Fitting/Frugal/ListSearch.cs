using Cascade.Planning.Frontier;
using Cascade.Planning.Plans;
using Cascade.Planning.Sweeps;

namespace Cascade.Planning.Fitting;

/// <summary>
/// Ordered lists of models and their thresholds. Two models: every threshold. Three: at most <see cref="FirstThresholds"/> thresholds of the first,
/// by quantile, with every threshold of the second on the rows that get there; the lists that come near the hull on a coarse grid go through
/// this, the others stay with the grid.
/// </summary>
internal static class ListSearch
{
    public const int FirstThresholds = 256;

    private const int CoarseThresholds = 32;
    private const int MostRefined = 12;

    public static void AddTo(CandidatePool candidates, StagePool pool, int[] models, int mostStages)
    {
        int[] scored = [.. models.Where(pool.IsScored)];
        foreach (var first in scored.Where(_ => mostStages > 1))
        {
            foreach (var second in models.Where(m => m != first))
            {
                AddPair(candidates, pool, first, second);
            }
        }

        if (mostStages < 3)
        {
            return;
        }

        var lists = new List<(ThreeStageSweep Sweep, ListPoint[] Coarse)>();
        foreach (var first in scored)
        {
            foreach (var second in scored.Where(m => m != first))
            {
                foreach (var third in models.Where(m => m != first && m != second))
                {
                    var sweep = new ThreeStageSweep(pool, first, second, third);
                    lists.Add((sweep, sweep.Coarse(CoarseThresholds)));
                }
            }
        }

        foreach (var (sweep, coarse) in lists)
        {
            AddAll(candidates, sweep, coarse);
        }

        foreach (var list in Nearest(candidates, lists))
        {
            AddAll(candidates, list, list.Exact(FirstThresholds));
        }
    }

    private static void AddPair(CandidatePool candidates, StagePool pool, int first, int second)
    {
        var curve = PairSweep.Exact(
            new PairRows
            {
                Scores = pool.Scores(first),
                LowQuality = pool.Quality(first),
                HighQuality = pool.Quality(second),
                LowCostUsd = pool.JudgedCostUsd(first),
                HighCostUsd = pool.CostUsd(second),
            },
            pool.Groups(first));
        foreach (var vertex in CostFrontier.Of(curve.Points).Vertices)
        {
            if (curve.PolicyOf(vertex.Policy) is { Kind: PairPolicyKind.Threshold, Threshold: var threshold })
            {
                candidates.Add(vertex, ChainSpec.Pair(first, second, threshold));
            }
        }
    }

    private static void AddAll(CandidatePool candidates, ThreeStageSweep sweep, ListPoint[] points)
    {
        foreach (var point in points)
        {
            candidates.Add(point.Point, sweep.PolicyOf(point));
        }
    }

    /// <summary>The lists that miss the hull of everything found so far least where they come nearest to it, on the hull first.</summary>
    private static IEnumerable<ThreeStageSweep> Nearest(CandidatePool candidates, List<(ThreeStageSweep Sweep, ListPoint[] Coarse)> lists)
    {
        var hull = candidates.Frontier();
        var gaps = lists.ConvertAll(list => list.Coarse
            .Where(p => p.First > 0)
            .Select(p => hull.AtBudget(p.Point.CostUsd).Quality - p.Point.Quality)
            .DefaultIfEmpty(double.PositiveInfinity).Min());
        return Enumerable.Range(0, lists.Count).OrderBy(i => gaps[i]).ThenBy(i => i).Take(MostRefined).Select(i => lists[i].Sweep);
    }
}
