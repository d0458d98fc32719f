using System.Collections.Immutable;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Evaluation;

/// <summary>
/// What one call per query could have delivered had its outcome been known: argmax_m u − λc on every row, for every λ. No policy can reach it,
/// because it decides by outcomes that no one has yet; it marks how much there is to win at most.
/// </summary>
/// <remarks>
/// A mean of rows has as its frontier the sum of the rows' own hulls: their segments in order of price, highest first. Exact, O(n k log(n k)).
/// </remarks>
public static class HindsightOracle
{
    /// <summary>Computes the frontier.</summary>
    /// <param name="table">At least one row; every model has an outcome with a cost on every row.</param>
    /// <param name="mostPoints">Most points to keep, at least 2; of more, evenly many are kept, the ends among them.</param>
    /// <returns>Points in order of cost; their numbers are their places.</returns>
    /// <exception cref="ArgumentException">The table has no rows, or an outcome is missing.</exception>
    public static ImmutableArray<FrontierPoint> Of(OutcomeTable table, int mostPoints)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostPoints, 2);
        var n = table.RowCount;
        if (n == 0 || table.CompleteRows().Length != n)
        {
            throw new ArgumentException("give at least one row, and rows only that have an outcome with a cost of every model", nameof(table));
        }

        var segments = new List<(double Price, double CostUsd, double Quality)>(n * Math.Max(1, table.ModelCount - 1));
        var points = new FrontierPoint[table.ModelCount];
        var (cost, quality) = (0.0, 0.0);
        for (var row = 0; row < n; row++)
        {
            for (var m = 0; m < points.Length; m++)
            {
                points[m] = new FrontierPoint(table.CostUsd(m)[row], table.Quality(m)[row], m);
            }

            var hull = CostFrontier.Of(points);
            (cost, quality) = (cost + hull.Vertices[0].CostUsd, quality + hull.Vertices[0].Quality);
            for (var j = 1; j < hull.Vertices.Length; j++)
            {
                var (a, b) = (hull.Vertices[j - 1], hull.Vertices[j]);
                segments.Add((hull.Prices[j - 1], b.CostUsd - a.CostUsd, b.Quality - a.Quality));
            }
        }

        segments.Sort(static (a, b) => b.Price != a.Price ? b.Price.CompareTo(a.Price) : a.CostUsd.CompareTo(b.CostUsd));
        return Sum(segments, cost, quality, n, mostPoints);
    }

    private static ImmutableArray<FrontierPoint> Sum(
        List<(double Price, double CostUsd, double Quality)> segments, double cost, double quality, int rows, int mostPoints)
    {
        var kept = ImmutableArray.CreateBuilder<FrontierPoint>();
        kept.Add(new FrontierPoint(cost / rows, quality / rows, 0));
        for (var i = 0; i < segments.Count; i++)
        {
            (cost, quality) = (cost + segments[i].CostUsd, quality + segments[i].Quality);
            var place = (i + 1L) * (mostPoints - 1) / segments.Count;
            if (place > i * (mostPoints - 1L) / segments.Count)
            {
                kept.Add(new FrontierPoint(cost / rows, quality / rows, kept.Count));
            }
        }

        return kept.ToImmutable();
    }
}
