using Cascade.Planning.Estimation;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.Pacing;

/// <summary>
/// λ*(ρ): the price at which decisions cost ρ dollars per request, piecewise constant. It starts a pacer where the budget needs it, and again at
/// once when the budget changes. Immutable.
/// </summary>
public sealed class PriceSchedule
{
    // _costs[k] is the cost of decisions at prices in [_prices[k], _prices[k - 1]), not falling in k; the last price is 0.
    private readonly double[] _costs;
    private readonly double[] _prices;

    private PriceSchedule(double[] costs, double[] prices) => (_costs, _prices) = (costs, prices);

    /// <summary>The number of pieces.</summary>
    public int Count => _prices.Length;

    /// <summary>The least that decisions can cost, in dollars per request: everything to the cheapest.</summary>
    public double LowestCostUsd => _costs[0];

    /// <summary>What decisions cost when money has no price, in dollars per request.</summary>
    public double HighestCostUsd => _costs[^1];

    /// <summary>
    /// The schedule of decisions argmax q̂ − λĉ: where each row changes its choice is known exactly, so that the search for the price of a
    /// budget needs one sort and no iteration. Source: the fluid dual D(λ) = E max(q − λc) + λρ, whose subgradient is ρ minus that cost.
    /// </summary>
    /// <param name="estimates">q̂ and ĉ of the calibration rows; at least one row. For rows that trained the estimator, give out-of-fold estimates.</param>
    /// <param name="chargedUsd">What each choice is charged with: recorded costs, or the estimates again.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentException">The sizes differ, there is no row, or a number is not in its range.</exception>
    public static PriceSchedule OfDecisions(PriorMatrix estimates, PriorMatrix chargedUsd)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        ArgumentNullException.ThrowIfNull(chargedUsd);
        if (estimates.RowCount == 0 || estimates.RowCount != chargedUsd.RowCount || estimates.ModelCount != chargedUsd.ModelCount)
        {
            throw new ArgumentException(
                $"{estimates.RowCount} rows of {estimates.ModelCount} estimates and {chargedUsd.RowCount} rows of {chargedUsd.ModelCount} charges; give as many of both, at least one row",
                nameof(chargedUsd));
        }

        var (prices, steps) = (new List<double>(), new List<double>());
        var cheapest = 0.0;
        for (var row = 0; row < estimates.RowCount; row++)
        {
            cheapest += RowHull.Collect(estimates.Quality(row), estimates.CostUsd(row), chargedUsd.CostUsd(row), prices, steps);
        }

        return Build(cheapest, [.. prices], [.. steps], estimates.RowCount);
    }

    /// <summary>The schedule of a frontier's policies: the price of the segment that a budget falls into.</summary>
    /// <param name="frontier">The frontier.</param>
    /// <returns>The schedule.</returns>
    public static PriceSchedule OfFrontier(CostFrontier frontier)
    {
        ArgumentNullException.ThrowIfNull(frontier);
        var costs = new double[frontier.Vertices.Length];
        for (var i = 0; i < costs.Length; i++)
        {
            costs[i] = frontier.Vertices[i].CostUsd;
        }

        return new PriceSchedule(costs, [.. frontier.Prices, 0]);
    }

    /// <summary>The lowest price at which, and above which, decisions cost at most the budget.</summary>
    /// <param name="planUsd">ρ in dollars per request; not NaN.</param>
    /// <returns>λ in quality per dollar; infinite when even the cheapest decisions cost more, 0 when money is no object.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The budget is NaN.</exception>
    public double PriceAt(double planUsd)
    {
        if (double.IsNaN(planUsd))
        {
            throw new ArgumentOutOfRangeException(nameof(planUsd), planUsd, "not a number; give dollars per request");
        }

        var (low, high) = (0, _costs.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _costs[middle] <= planUsd ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? double.PositiveInfinity : _prices[low - 1];
    }

    /// <summary>The start of a window whose price is known from before: the older that knowledge, the more the schedule counts.</summary>
    /// <param name="planUsd">ρ of the new window, in dollars per request.</param>
    /// <param name="currentPrice">The price reached before, in quality per dollar, 0 or more.</param>
    /// <param name="age">How old that price is, 0 or more.</param>
    /// <param name="halfLife">The age at which it counts for half, above 0.</param>
    /// <returns>2^(−age/half-life) parts of the current price and the rest of λ*(ρ); the current price alone where λ*(ρ) is infinite.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public double Blend(double planUsd, double currentPrice, TimeSpan age, TimeSpan halfLife)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(age, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(halfLife, TimeSpan.Zero);
        if (!double.IsFinite(currentPrice) || currentPrice < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(currentPrice), currentPrice, "a price is 0 or more quality per dollar");
        }

        var scheduled = PriceAt(planUsd);
        var kept = Math.Pow(2, -(age / halfLife));
        return double.IsInfinity(scheduled) ? currentPrice : (kept * currentPrice) + ((1 - kept) * scheduled);
    }

    private static PriceSchedule Build(double cheapest, double[] prices, double[] steps, int rows)
    {
        // Steps at the same price are taken together, so their order does not matter; highest price first.
        Array.Sort(prices, steps);
        Array.Reverse(prices);
        Array.Reverse(steps);
        var (costs, ends) = (new List<double>(), new List<double>());
        var (sum, highest) = (cheapest, cheapest);
        for (var i = 0; i < prices.Length; i++)
        {
            if (i == 0 || prices[i] < prices[i - 1])
            {
                costs.Add(highest / rows);
                ends.Add(prices[i]);
            }

            // With recorded charges a dearer choice can turn out cheaper; the budget has to hold at every price above as well.
            sum += steps[i];
            highest = Math.Max(highest, sum);
        }

        costs.Add(highest / rows);
        ends.Add(0);
        return new PriceSchedule([.. costs], [.. ends]);
    }
}
