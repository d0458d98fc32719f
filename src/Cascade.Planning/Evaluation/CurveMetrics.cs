using Cascade.Planning.Frontier;

namespace Cascade.Planning.Evaluation;

/// <summary>
/// Figures of a curve of cost and quality. A curve is the line through its points in order of cost (of equals, the lower quality first), since
/// every mix of two neighbours can be had.
/// </summary>
public static class CurveMetrics
{
    /// <summary>
    /// Area under the curve over a range of costs, divided by the range: the mean quality over budgets (Dekoninck, Baader and Vechev, arXiv
    /// 2410.10347, with its rules for the ends). A curve that ends early goes on flat; one that starts late starts at the lowest cost with
    /// <paramref name="floorQuality"/>.
    /// </summary>
    /// <param name="points">At least one point, in any order.</param>
    /// <param name="lowestCostUsd">Mean cost of the cheapest single model.</param>
    /// <param name="highestCostUsd">Mean cost of the dearest single model, at least the lowest.</param>
    /// <param name="floorQuality">The lowest mean quality of a single model.</param>
    /// <returns>A quality; at a range of no width, the quality at that cost.</returns>
    /// <exception cref="ArgumentException">There is no point.</exception>
    public static double Auc(ReadOnlySpan<FrontierPoint> points, double lowestCostUsd, double highestCostUsd, double floorQuality)
    {
        var line = Line(points, lowestCostUsd, floorQuality, highestCostUsd);
        return highestCostUsd > lowestCostUsd
            ? Area(line, lowestCostUsd, highestCostUsd) / (highestCostUsd - lowestCostUsd)
            : HighestAt(line, lowestCostUsd);
    }

    /// <summary>
    /// Gain: the area between the curve and the straight line from the cheapest to the best single model, divided by the rectangle that the line
    /// is the diagonal of (Bouchard, arXiv 2605.06350, table 1). 0 is what mixing the two models delivers without looking at anything.
    /// </summary>
    /// <param name="points">At least one point, in any order.</param>
    /// <param name="cheapest">The cheapest single model.</param>
    /// <param name="best">The single model of the highest quality.</param>
    /// <returns>The gain, at most 1; NaN when the best model is no dearer or no better than the cheapest.</returns>
    /// <exception cref="ArgumentException">There is no point.</exception>
    public static double Gain(ReadOnlySpan<FrontierPoint> points, FrontierPoint cheapest, FrontierPoint best)
    {
        var line = Line(points, cheapest.CostUsd, cheapest.Quality, best.CostUsd);
        var (width, height) = (best.CostUsd - cheapest.CostUsd, best.Quality - cheapest.Quality);
        return width > 0 && height > 0
            ? (Area(line, cheapest.CostUsd, best.CostUsd) - (width * (cheapest.Quality + best.Quality) / 2)) / (width * height)
            : double.NaN;
    }

    /// <summary>
    /// CR@90 for a share of 0.9: the share of the best model's cost that is saved where the curve first reaches that share of its quality
    /// (Bouchard, arXiv 2605.06350, table 1).
    /// </summary>
    /// <param name="points">At least one point, in any order.</param>
    /// <param name="best">The single model of the highest quality.</param>
    /// <param name="share">The share of its quality to reach, above 0.</param>
    /// <returns>The share saved, at most 1; below 0 when it costs more; NaN when it is never reached or the best model is free.</returns>
    /// <exception cref="ArgumentException">There is no point.</exception>
    public static double CostReduction(ReadOnlySpan<FrontierPoint> points, FrontierPoint best, double share)
    {
        var line = Sorted(points);
        var wanted = share * best.Quality;
        for (var i = 0; i < line.Count; i++)
        {
            if (line[i].Quality >= wanted && best.CostUsd > 0)
            {
                return 1 - ((i == 0 ? line[0].CostUsd : Crossing(line[i - 1], line[i], wanted)) / best.CostUsd);
            }
        }

        return double.NaN;
    }

    private static double Crossing(FrontierPoint below, FrontierPoint above, double quality) =>
        below.CostUsd + ((quality - below.Quality) / (above.Quality - below.Quality) * (above.CostUsd - below.CostUsd));

    private static List<FrontierPoint> Sorted(ReadOnlySpan<FrontierPoint> points)
    {
        if (points.IsEmpty)
        {
            throw new ArgumentException("a curve needs at least one point", nameof(points));
        }

        List<FrontierPoint> line = [.. points];
        line.Sort(static (a, b) => a.CostUsd != b.CostUsd ? a.CostUsd.CompareTo(b.CostUsd) : a.Quality.CompareTo(b.Quality));
        return line;
    }

    private static List<FrontierPoint> Line(ReadOnlySpan<FrontierPoint> points, double lowestCostUsd, double floorQuality, double highestCostUsd)
    {
        var line = Sorted(points);
        if (line[0].CostUsd > lowestCostUsd)
        {
            line.Insert(0, new FrontierPoint(lowestCostUsd, floorQuality, -1));
        }

        if (line[^1].CostUsd < highestCostUsd)
        {
            line.Add(line[^1] with { CostUsd = highestCostUsd });
        }

        return line;
    }

    private static double Area(List<FrontierPoint> line, double from, double to)
    {
        var area = 0.0;
        for (var i = 1; i < line.Count; i++)
        {
            var (a, b) = (line[i - 1], line[i]);
            var (left, right) = (Math.Max(a.CostUsd, from), Math.Min(b.CostUsd, to));
            if (right > left)
            {
                var slope = (b.Quality - a.Quality) / (b.CostUsd - a.CostUsd);
                area += (right - left) * (a.Quality + (slope * (((left + right) / 2) - a.CostUsd)));
            }
        }

        return area;
    }

    private static double HighestAt(List<FrontierPoint> line, double costUsd)
    {
        var best = double.NegativeInfinity;
        foreach (var point in line)
        {
            best = point.CostUsd <= costUsd ? Math.Max(best, point.Quality) : best;
        }

        return best;
    }
}
