using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Evaluation;

/// <summary>What a mix of two policies delivered on each row, every row by the policy that its query's place gives it.</summary>
internal sealed record MixedRows(double[] Quality, double[] CostUsd, double EscalationRate, double AbstentionRate)
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

    public static MixedRows Of(PolicyResult lower, PolicyResult upper, double upperShare, double[] places)
    {
        var n = places.Length;
        var (quality, cost, escalated, abstained) = (new double[n], new double[n], 0, 0);
        for (var row = 0; row < n; row++)
        {
            var from = places[row] < upperShare ? upper : lower;
            (quality[row], cost[row]) = (from.Quality[row], from.CostUsd[row]);
            escalated += from.Calls[row] > 1 ? 1 : 0;
            abstained += from.FinalModel[row] < 0 ? 1 : 0;
        }

        return new MixedRows(quality, cost, (double)escalated / n, (double)abstained / n);
    }
}
