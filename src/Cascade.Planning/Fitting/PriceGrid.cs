using Cascade.Planning.Frontier;

namespace Cascade.Planning.Fitting;

/// <summary>The shadow prices that a strategy is fitted for.</summary>
internal static class PriceGrid
{
    /// <summary>
    /// 0, and prices in equal ratios from half the smallest to twice the greatest slope of the hull: below and above them nothing changes any more
    /// but at the ends of the hull.
    /// </summary>
    public static double[] Of(CostFrontier frontier, int size)
    {
        var slopes = frontier.Prices;
        if (slopes.IsEmpty)
        {
            return [0];
        }

        var (low, high) = (Math.Max(slopes[^1] / 2, 1 / ColumnCheck.Largest), Math.Min(slopes[0] * 2, ColumnCheck.Largest));
        var prices = new double[Math.Max(size, 2)];
        for (var i = 1; i < prices.Length; i++)
        {
            prices[i] = prices.Length == 2 ? Math.Sqrt(low) * Math.Sqrt(high) : low * Math.Pow(high / low, (i - 1.0) / (prices.Length - 2));
        }

        return prices;
    }
}
