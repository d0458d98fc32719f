using System.Collections.Immutable;

namespace Cascade.Planning.Frontier;

/// <summary>
/// The upper concave hull of policies in the plane of mean cost and mean quality: the best that policies and mixes of two of them can do.
/// Immutable.
/// </summary>
/// <remarks>
/// <para>
/// Built by Andrew's monotone chain over the Pareto-optimal points. On the segment between vertices j and j + 1 the shadow price is
/// λ_j = (U_{j+1} − U_j) / (C_{j+1} − C_j), strictly decreasing in j: the multiplier of the budget in max U − λC. The multiplier of a
/// quality floor in min C is its reciprocal.
/// </para>
/// <para>
/// Tolerances: a quality counts as better only above <see cref="RelativeTolerance"/> of the best so far; a slope counts as smaller only by
/// more than the same share, so that collinear points leave no vertex; costs within <see cref="CostTolerance"/> · max(1, cost) are the same
/// cost, of which the best quality stays. Among equal points the lowest policy number stays.
/// </para>
/// </remarks>
public sealed class CostFrontier
{
    /// <summary>Share by which qualities and slopes have to differ to count as different.</summary>
    public const double RelativeTolerance = 1e-12;

    /// <summary>Difference in dollars, times max(1, cost), up to which costs are the same.</summary>
    public const double CostTolerance = 1e-15;

    private readonly double[] _prices;

    private CostFrontier(ImmutableArray<FrontierPoint> vertices)
    {
        Vertices = vertices;
        _prices = new double[vertices.Length - 1];
        for (var j = 0; j < _prices.Length; j++)
        {
            _prices[j] = Slope(vertices[j], vertices[j + 1]);
        }
    }

    /// <summary>The corners from the cheapest to the best; at least one, cost and quality strictly increasing.</summary>
    public ImmutableArray<FrontierPoint> Vertices { get; }

    /// <summary>The shadow price of each segment in quality per dollar, strictly decreasing, above 0; one fewer than there are vertices.</summary>
    public ReadOnlySpan<double> Prices => _prices;

    /// <summary>Builds the hull; O(n log n), O(n) when the points come in order of cost.</summary>
    /// <param name="points">At least one point, in any order.</param>
    /// <returns>The frontier.</returns>
    /// <exception cref="ArgumentException">There is no point, or one has a cost or quality that is not described by <see cref="FrontierPoint"/>.</exception>
    public static CostFrontier Of(ReadOnlySpan<FrontierPoint> points)
    {
        var pareto = Pareto(points);
        var hull = new FrontierPoint[pareto.Length];
        var size = 0;
        foreach (var next in pareto)
        {
            // Next to the smallest doubles a gain in quality can be too small to have a price.
            if (size > 0 && !(Slope(hull[size - 1], next) > 0))
            {
                continue;
            }

            while (size > 1 && Slope(hull[size - 1], next) >= (1 - RelativeTolerance) * Slope(hull[size - 2], hull[size - 1]))
            {
                size--;
            }

            hull[size++] = next;
        }

        return new CostFrontier([.. hull.AsSpan(0, size)]);
    }

    /// <summary>Keeps the points that no other point beats in cost without losing quality.</summary>
    /// <param name="points">At least one point, in any order.</param>
    /// <returns>The Pareto-optimal points, cost and quality strictly increasing.</returns>
    /// <exception cref="ArgumentException">There is no point, or one has a cost or quality that is not described by <see cref="FrontierPoint"/>.</exception>
    public static FrontierPoint[] Pareto(ReadOnlySpan<FrontierPoint> points)
    {
        Require(points);
        var kept = points.ToArray();
        if (!IsSorted(kept))
        {
            kept.AsSpan().Sort(ByCost);
        }

        var size = 0;
        var groupCost = 0.0;
        foreach (var point in kept)
        {
            if (size > 0 && point.Quality <= kept[size - 1].Quality + (RelativeTolerance * Math.Abs(kept[size - 1].Quality)))
            {
                continue;
            }

            // The group's first cost is the yardstick: a long row of nearly equal costs must not collapse into one.
            if (size > 0 && point.CostUsd - groupCost <= CostTolerance * Math.Max(1, groupCost))
            {
                kept[size - 1] = point with { CostUsd = groupCost };
                continue;
            }

            groupCost = point.CostUsd;
            kept[size++] = point;
        }

        return kept[..size];
    }

    /// <summary>The best quality for a mean cost of at most the budget.</summary>
    /// <param name="budgetUsd">Dollars per request; not NaN.</param>
    /// <returns>
    /// Binding: γ = (B − C_j) / (C_{j+1} − C_j) and λ_j. Slack from the last vertex on: that vertex and λ = 0. Infeasible below the first: that
    /// vertex and λ infinite.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The budget is NaN.</exception>
    public FrontierChoice AtBudget(double budgetUsd)
    {
        RequireNumber(budgetUsd, nameof(budgetUsd));
        if (budgetUsd < Vertices[0].CostUsd)
        {
            return Single(0, FrontierFit.Infeasible, double.PositiveInfinity);
        }

        var j = LastAtMost(budgetUsd, static v => v.CostUsd);
        return j == Vertices.Length - 1
            ? Single(j, FrontierFit.Slack, 0)
            : Mix(j, (budgetUsd - Vertices[j].CostUsd) / (Vertices[j + 1].CostUsd - Vertices[j].CostUsd));
    }

    /// <summary>The lowest mean cost for a quality of at least the floor.</summary>
    /// <param name="quality">The mean quality to reach; not NaN.</param>
    /// <returns>
    /// Binding: γ = (Q − U_j) / (U_{j+1} − U_j), λ_j and its reciprocal. Slack up to the first vertex: that vertex, 1/λ = 0. Infeasible above the
    /// last: that vertex, λ = 0. At the last vertex's quality the last segment's price holds.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The floor is NaN.</exception>
    public FrontierChoice AtFloor(double quality)
    {
        RequireNumber(quality, nameof(quality));
        var last = Vertices.Length - 1;
        if (quality > Vertices[last].Quality)
        {
            return Single(last, FrontierFit.Infeasible, 0);
        }

        if (quality <= Vertices[0].Quality)
        {
            return Single(0, FrontierFit.Slack, double.PositiveInfinity);
        }

        var j = Math.Min(LastAtMost(quality, static v => v.Quality), last - 1);
        return Mix(j, (quality - Vertices[j].Quality) / (Vertices[j + 1].Quality - Vertices[j].Quality));
    }

    /// <summary>The vertex with the highest U − λC; the cheaper one of two that tie.</summary>
    /// <param name="qualityPerUsd">λ in quality per dollar, 0 or more.</param>
    /// <returns>The vertex.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The price is NaN or below 0.</exception>
    public FrontierPoint AtPrice(double qualityPerUsd)
    {
        if (!(qualityPerUsd >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(qualityPerUsd), qualityPerUsd, "a price is 0 or more quality per dollar");
        }

        var limit = qualityPerUsd * (1 + RelativeTolerance);
        var (low, high) = (0, _prices.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _prices[middle] > limit ? (middle + 1, high) : (low, middle);
        }

        return Vertices[low];
    }

    private static int ByCost(FrontierPoint a, FrontierPoint b)
    {
        var byCost = a.CostUsd.CompareTo(b.CostUsd);
        var byQuality = byCost != 0 ? byCost : b.Quality.CompareTo(a.Quality);
        return byQuality != 0 ? byQuality : a.Policy.CompareTo(b.Policy);
    }

    private static bool IsSorted(ReadOnlySpan<FrontierPoint> points)
    {
        for (var i = 1; i < points.Length; i++)
        {
            if (ByCost(points[i - 1], points[i]) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private static double Slope(FrontierPoint a, FrontierPoint b) => (b.Quality - a.Quality) / (b.CostUsd - a.CostUsd);

    private static void Require(ReadOnlySpan<FrontierPoint> points)
    {
        if (points.IsEmpty)
        {
            throw new ArgumentException("a frontier needs at least one point", nameof(points));
        }

        for (var i = 0; i < points.Length; i++)
        {
            if (!(Math.Abs(points[i].Quality) <= ColumnCheck.Largest) || points[i].CostUsd is not (>= 0 and <= ColumnCheck.Largest))
            {
                throw new ArgumentException(
                    $"point {i} costs {points[i].CostUsd} dollars at quality {points[i].Quality}; give a cost from 0 to 1e100 and a quality within ±1e100",
                    nameof(points));
            }
        }
    }

    private static void RequireNumber(double value, string name)
    {
        if (double.IsNaN(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "not a number; give the limit to meet");
        }
    }

    private int LastAtMost(double limit, Func<FrontierPoint, double> coordinate)
    {
        var (low, high) = (0, Vertices.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = coordinate(Vertices[middle]) <= limit ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private FrontierChoice Single(int vertex, FrontierFit fit, double price) => new()
    {
        Fit = fit,
        Lower = Vertices[vertex],
        Upper = Vertices[vertex],
        UpperShare = 0,
        QualityPerUsd = price,
    };

    private FrontierChoice Mix(int segment, double share) => new()
    {
        Fit = FrontierFit.Binding,
        Lower = Vertices[segment],
        Upper = Vertices[segment + 1],
        UpperShare = Math.Clamp(share, 0, 1),
        QualityPerUsd = _prices[segment],
    };
}
