using Cascade.Planning.Frontier;
using Cascade.Planning.Sweeps;

namespace Cascade.Tests.Planning;

/// <summary>Rows whose scores are the middles of n equal cells of 0 to 1, on which sums of linear functions equal their integrals.</summary>
internal sealed class PairSamples(int rows, Func<double, double> low, Func<double, double> high, Func<double, double> highCost, double lowCost)
{
    private readonly double[] _scores = [.. Enumerable.Range(0, rows).Select(i => (i + 0.5) / rows)];

    public PairRows Rows => new()
    {
        Scores = _scores,
        LowQuality = Array.ConvertAll(_scores, s => low(s)),
        HighQuality = Array.ConvertAll(_scores, s => high(s)),
        LowCostUsd = Array.ConvertAll(_scores, _ => lowCost),
        HighCostUsd = Array.ConvertAll(_scores, s => highCost(s)),
    };

    /// <summary>Quality of the cheap model rises with its score, that of the strong one does not depend on it.</summary>
    public static PairSamples Linear(int rows, double high = 0.9, double highCost = 10) =>
        new(rows, s => s, _ => high, _ => highCost, 1);

    /// <summary>The quality at a cost, between the two thresholds next to it.</summary>
    public static double QualityAt(PairCurve curve, double costUsd)
    {
        var points = curve.Points;
        var i = 1;
        while (points[i].CostUsd < costUsd)
        {
            i++;
        }

        var (a, b) = (points[i - 1], points[i]);
        return a.Quality + ((costUsd - a.CostUsd) / (b.CostUsd - a.CostUsd) * (b.Quality - a.Quality));
    }

    public static double Threshold(PairCurve curve, FrontierPoint point) => curve.PolicyOf(point.Policy).Threshold;
}
