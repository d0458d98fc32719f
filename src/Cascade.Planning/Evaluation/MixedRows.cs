using System.Collections.Immutable;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Evaluation;

/// <summary>What a mix of two policies delivered on each row, every row by the policy that its query's place gives it.</summary>
internal sealed record MixedRows(double[] Quality, double[] CostUsd, double[] Value, double EscalationRate, double AbstentionRate)
{
    /// <summary>The place of each query, the same for every mix, so that two mixes that are compared part the same queries.</summary>
    public static double[] Places(OutcomeTable table)
    {
        var places = new double[table.RowCount];
        for (var row = 0; row < places.Length; row++)
        {
            places[row] = StableMix.Unit(table.Queries[row].Id);
        }

        return places;
    }

    /// <summary>The mean of several mixes, row by row.</summary>
    public static MixedRows Mean(ImmutableArray<MixedRows> mixes)
    {
        var n = mixes[0].Quality.Length;
        var (quality, cost, value) = (new double[n], new double[n], new double[n]);
        foreach (var mix in mixes)
        {
            for (var row = 0; row < n; row++)
            {
                quality[row] += mix.Quality[row] / mixes.Length;
                cost[row] += mix.CostUsd[row] / mixes.Length;
                value[row] += mix.Value[row] / mixes.Length;
            }
        }

        return new MixedRows(quality, cost, value, mixes.Average(m => m.EscalationRate), mixes.Average(m => m.AbstentionRate));
    }

    public static MixedRows Of(PolicyResult lower, PolicyResult upper, double upperShare, double[] places, double price)
    {
        var n = places.Length;
        var (quality, cost, value) = (new double[n], new double[n], new double[n]);
        var (escalated, abstained) = (0, 0);
        for (var row = 0; row < n; row++)
        {
            var from = places[row] < upperShare ? upper : lower;
            (quality[row], cost[row]) = (from.Quality[row], from.CostUsd[row]);
            value[row] = quality[row] - (price * cost[row]);
            escalated += from.Calls[row] > 1 ? 1 : 0;
            abstained += from.FinalModel[row] < 0 ? 1 : 0;
        }

        return new MixedRows(quality, cost, value, (double)escalated / n, (double)abstained / n);
    }
}
