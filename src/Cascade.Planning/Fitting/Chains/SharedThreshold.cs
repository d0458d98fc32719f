using Cascade.Planning.Frontier;
using Cascade.Planning.Plans;

namespace Cascade.Planning.Fitting;

/// <summary>
/// Every threshold that all stages of a chain share, swept exactly. With a rising threshold a row moves on only from a stage whose score exceeds
/// those of all stages before it, to the next such stage; so a row changes place at most once per stage. O(k n log(k n)).
/// </summary>
internal static class SharedThreshold
{
    public static void AddTo(CandidatePool candidates, StagePool pool, int[] chain)
    {
        if (chain.Length < 2)
        {
            return;
        }

        var (scores, cost, quality) = (new List<double>(), new List<double>(), new List<double>());
        for (var row = 0; row < pool.RowCount; row++)
        {
            Moves(pool, chain, row, scores, cost, quality);
        }

        var groups = ScoreGroups.Of([.. scores]);
        var n = (double)pool.RowCount;
        var (c, u) = (StagePool.Mean(pool.JudgedCostUsd(chain[0])), StagePool.Mean(pool.Quality(chain[0])));
        var hull = new List<FrontierPoint>(groups.Count);
        for (var g = 0; g < groups.Count; g++)
        {
            foreach (var move in groups.Rows(g))
            {
                c += cost[move] / n;
                u += quality[move] / n;
            }

            hull.Add(new FrontierPoint(c, u, g));
        }

        foreach (var point in CostFrontier.Of([.. hull]).Vertices)
        {
            var threshold = groups.ThresholdAbove(point.Policy);
            candidates.Add(point, new ChainSpec { Models = [.. chain], Thresholds = [.. Enumerable.Repeat(threshold, chain.Length - 1)] });
        }
    }

    private static void Moves(StagePool pool, int[] chain, int row, List<double> scores, List<double> cost, List<double> quality)
    {
        var (from, highest, costUsd) = (0, pool.Scores(chain[0])[row], 0.0);
        for (var stage = 1; stage < chain.Length; stage++)
        {
            var isLast = stage == chain.Length - 1;
            costUsd += isLast ? pool.CostUsd(chain[stage])[row] : pool.JudgedCostUsd(chain[stage])[row];
            if (!isLast && !(pool.Scores(chain[stage])[row] > highest))
            {
                continue;
            }

            scores.Add(highest);
            cost.Add(costUsd);
            quality.Add(pool.Quality(chain[stage])[row] - pool.Quality(chain[from])[row]);
            (from, highest, costUsd) = (stage, isLast ? highest : pool.Scores(chain[stage])[row], 0);
        }
    }
}
