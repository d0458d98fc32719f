using Cascade.Planning.Frontier;

namespace Cascade.Planning.Fitting;

/// <summary>Which models are worth combining when there are too many for all combinations.</summary>
internal static class ModelPool
{
    /// <summary>The models that no other beats in both mean cost and mean quality, in order of cost.</summary>
    public static int[] NonDominated(StagePool pool)
    {
        var points = Points(pool);
        return [.. points
            .Where(p => !points.Any(o => o.CostUsd <= p.CostUsd && o.Quality >= p.Quality && (o.CostUsd < p.CostUsd || o.Quality > p.Quality)))
            .Select(p => p.Policy)];
    }

    /// <summary>At most so many models, those nearest to the hull of all, in order of cost.</summary>
    public static int[] Nearest(StagePool pool, int most)
    {
        var points = Points(pool);
        if (points.Length <= most)
        {
            return [.. points.Select(p => p.Policy)];
        }

        var hull = CostFrontier.Of(points);
        return [.. points
            .OrderBy(p => hull.AtBudget(p.CostUsd).Quality - p.Quality).ThenBy(p => p.Policy)
            .Take(most).Select(p => p.Policy).Order()];
    }

    private static FrontierPoint[] Points(StagePool pool) => [.. Enumerable.Range(0, pool.ModelCount).Select(pool.Direct)];
}
