using Cascade.Planning.Estimation;

namespace Cascade.Planning.Routing;

/// <summary>
/// What a router does as the price of money falls: on every row it climbs the upper concave hull of the models' estimates, and each step up has the
/// price at which it is taken, <c>λ = Δq̂ / Δĉ</c>. All rows' steps in falling order of price are the whole family of Lagrangian routers; between
/// two prices nothing changes.
/// </summary>
internal sealed class RoutingSteps
{
    /// <summary>Where costs hardly differ, a step's price can leave the doubles.</summary>
    private const double Highest = 1e300;

    private readonly double[] _prices;
    private readonly double[] _costs;

    private RoutingSteps(double[] prices, double[] costs, double cheapestUsd)
    {
        (_prices, _costs, CheapestUsd) = (prices, costs, cheapestUsd);
    }

    /// <summary>Mean estimated cost when every row takes its cheapest model.</summary>
    public double CheapestUsd { get; }

    /// <summary>Mean estimated cost when every row takes its best model.</summary>
    public double DearestUsd => _costs.Length == 0 ? CheapestUsd : _costs[^1];

    /// <summary>The prices at which some row changes its model, falling; one per step, the same price possibly several times.</summary>
    public ReadOnlySpan<double> Prices => _prices;

    /// <summary>Of some models; O(rows · models · log).</summary>
    public static RoutingSteps Of(PriorMatrix priors, ReadOnlySpan<int> models)
    {
        var (prices, costs) = (new List<double>(), new List<double>());
        var order = models.ToArray();
        var (hull, cheapest) = (new int[order.Length], 0.0);
        for (var row = 0; row < priors.RowCount; row++)
        {
            var quality = priors.Quality(row);
            var cost = priors.CostUsd(row);
            var size = Hull(quality, cost, order, hull);
            cheapest += cost[hull[0]];
            for (var i = 1; i < size; i++)
            {
                prices.Add((quality[hull[i]] - quality[hull[i - 1]]) / (cost[hull[i]] - cost[hull[i - 1]]));
                costs.Add(cost[hull[i]] - cost[hull[i - 1]]);
            }
        }

        var (falling, rise) = (prices.ToArray(), costs.ToArray());
        Array.Sort(falling, rise, Comparer<double>.Create((a, b) => b.CompareTo(a)));
        var sum = cheapest;
        for (var i = 0; i < rise.Length; i++)
        {
            sum += rise[i];
            rise[i] = sum / priors.RowCount;
        }

        return new RoutingSteps(falling, rise, cheapest / Math.Max(1, priors.RowCount));
    }

    /// <summary>
    /// Prices that spread the family over cost: 0, one above every step, and between them the middle of the gap next to evenly spaced costs. None
    /// twice, rising, at most as many as asked for.
    /// </summary>
    public double[] Grid(int count)
    {
        if (_prices.Length == 0)
        {
            return [0];
        }

        var grid = new SortedSet<double> { 0, Math.Min(2 * _prices[0], Highest) };
        for (var g = 1; g < count - 1; g++)
        {
            var wanted = CheapestUsd + ((DearestUsd - CheapestUsd) * g / (count - 1));
            var step = Array.BinarySearch(_costs, wanted);
            step = Math.Min(step < 0 ? ~step : step, _prices.Length - 1);
            var next = step + 1;
            while (next < _prices.Length && _prices[next] == _prices[step])
            {
                next++;
            }

            grid.Add(Math.Min(((next < _prices.Length ? _prices[next] : 0) / 2) + (_prices[step] / 2), Highest));
        }

        return [.. grid];
    }

    /// <summary>The rows' models from the cheapest to the best, with strictly falling prices; of equally cheap models the best.</summary>
    private static int Hull(ReadOnlySpan<double> quality, ReadOnlySpan<double> cost, int[] order, int[] hull)
    {
        SortByCost(quality, cost, order);
        var size = 0;
        foreach (var model in order)
        {
            if (size > 0 && !(quality[model] > quality[hull[size - 1]]))
            {
                continue;
            }

            while (size > 0 && !(cost[model] > cost[hull[size - 1]]))
            {
                size--;
            }

            while (size > 1 && Slope(quality, cost, hull[size - 1], model) >= Slope(quality, cost, hull[size - 2], hull[size - 1]))
            {
                size--;
            }

            hull[size++] = model;
        }

        return size;
    }

    private static double Slope(ReadOnlySpan<double> quality, ReadOnlySpan<double> cost, int from, int to) =>
        (quality[to] - quality[from]) / (cost[to] - cost[from]);

    /// <summary>By insertion: there are few models, and from row to row their order hardly changes.</summary>
    private static void SortByCost(ReadOnlySpan<double> quality, ReadOnlySpan<double> cost, int[] order)
    {
        for (var i = 1; i < order.Length; i++)
        {
            var model = order[i];
            var at = i;
            for (; at > 0 && (cost[order[at - 1]] > cost[model] || (cost[order[at - 1]] == cost[model] && quality[order[at - 1]] < quality[model])); at--)
            {
                order[at] = order[at - 1];
            }

            order[at] = model;
        }
    }
}
