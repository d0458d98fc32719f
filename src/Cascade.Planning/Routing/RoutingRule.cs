namespace Cascade.Planning.Routing;

/// <summary>The one decision rule: the highest <c>q̂ − λ·ĉ</c>, of equals the cheaper.</summary>
internal static class RoutingRule
{
    /// <summary>Share by which values have to differ to count as different: at the price of a tie, rounding must not decide for the dearer.</summary>
    public const double Tolerance = 1e-12;

    /// <summary>Whether an offer beats the best so far; false between offers of equal value and cost.</summary>
    public static bool IsBetter(double quality, double cost, double bestQuality, double bestCost, double price)
    {
        if (double.IsPositiveInfinity(price))
        {
            return cost < bestCost || (cost == bestCost && quality > bestQuality);
        }

        // The difference of costs is priced, not each cost: at a high price the values' own rounding would hide the qualities.
        var gain = quality - bestQuality - (price * (cost - bestCost));
        var scale = Math.Max(Math.Abs(quality - bestQuality), price * Math.Abs(cost - bestCost));
        return Math.Abs(gain) <= Tolerance * scale ? cost < bestCost : gain > 0;
    }
}
