using System.Collections.Immutable;
using Cascade.Planning.Decisions;

namespace Cascade.Planning.Fitting;

/// <summary>
/// Shadow prices that cover everything money can decide among some models, evenly on a logarithmic scale, and 0. Above the highest, the whole range of
/// quality is not worth the smallest difference in cost; below the lowest, a hundredth of a percent is worth the largest.
/// </summary>
internal static class CostPrices
{
    private const double SmallestGain = 1e-4;

    public static double[] Of(ImmutableArray<ModelProfile> models, int size)
    {
        var costs = models.Select(m => m.CostUsd).Where(c => c > 0).Order().ToArray();
        if (costs.Length == 0)
        {
            return [0];
        }

        var high = Math.Log(1 / costs[0]);
        var low = Math.Log(SmallestGain / costs[^1]);
        var prices = new double[Math.Max(2, size)];
        for (var i = 1; i < prices.Length; i++)
        {
            prices[i] = Math.Min(Math.Exp(low + ((high - low) * (i - 1) / Math.Max(1, prices.Length - 2))), ColumnCheck.Largest);
        }

        return prices;
    }
}
