using System.Numerics;

namespace Cascade.Tests.Planning.CascadeRouting;

/// <summary>
/// The decision by its definition: every superset of the models that answered, each with its own mean over all sample points of the best answer. No
/// pruning, no incremental sums, no lanes.
/// </summary>
internal sealed class ExhaustiveReference(double[][] normals)
{
    /// <summary>Plain pseudo-random normals: one row per point.</summary>
    internal static double[][] MonteCarlo(int points, int dimensions, int seed)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return [.. Enumerable.Range(0, points).Select(_ => Enumerable.Range(0, dimensions).Select(_ => Normal()).ToArray())];
    }

    /// <summary>The best superset and the value of each by its bits; NaN where it is none.</summary>
    internal (int Best, double[] Values) Search(RoutingCase state)
    {
        var k = state.Mean.Length;
        var samples = Samples(state);
        var values = new double[1 << k];
        var best = 0;
        for (var set = 0; set < values.Length; set++)
        {
            values[set] = double.NaN;
            var added = set & ~state.Answered;
            if (set == 0 || (set & state.Answered) != state.Answered || (added & ~state.Open) != 0
                || (added != 0 && BitOperations.PopCount((uint)set) > state.MaxCalls))
            {
                continue;
            }

            values[set] = MeanOfBest(samples, set) - (state.Price * Cost(state, added));
            best = best == 0 || IsBetter(state, values, set, best) ? set : best;
        }

        return (best, values);
    }

    internal static double[,] Cholesky(double[,] covariance)
    {
        var k = covariance.GetLength(0);
        var factor = new double[k, k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = covariance[i, j];
                for (var d = 0; d < j; d++)
                {
                    rest -= factor[i, d] * factor[j, d];
                }

                factor[i, j] = i == j ? (rest > 1e-12 ? Math.Sqrt(rest) : 0) : factor[j, j] > 0 ? rest / factor[j, j] : 0;
            }
        }

        return factor;
    }

    private static bool IsBetter(RoutingCase state, double[] values, int set, int best)
    {
        var byValue = Math.Round(values[set], 8).CompareTo(Math.Round(values[best], 8));
        var byCost = Cost(state, best).CompareTo(Cost(state, set));
        var bySize = BitOperations.PopCount((uint)best).CompareTo(BitOperations.PopCount((uint)set));
        return (byValue != 0 ? byValue : byCost != 0 ? byCost : bySize) > 0;
    }

    private static double Cost(RoutingCase state, int set)
    {
        var cost = 0.0;
        for (var i = 0; i < state.CostUsd.Length; i++)
        {
            cost += (set & (1 << i)) != 0 ? state.CostUsd[i] : 0;
        }

        return cost;
    }

    private static double MeanOfBest(double[][] samples, int set)
    {
        var sum = 0.0;
        foreach (var x in samples)
        {
            var best = double.NegativeInfinity;
            for (var i = 0; i < x.Length; i++)
            {
                best = (set & (1 << i)) != 0 && x[i] > best ? x[i] : best;
            }

            sum += best;
        }

        return sum / samples.Length;
    }

    private double[][] Samples(RoutingCase state)
    {
        var k = state.Mean.Length;
        var factor = Cholesky(state.Covariance);
        return Array.ConvertAll(normals, z =>
        {
            var x = new double[k];
            for (var i = 0; i < k; i++)
            {
                x[i] = state.Mean[i];
                for (var d = 0; d <= i; d++)
                {
                    x[i] += factor[i, d] * z[d];
                }
            }

            return x;
        });
    }
}
