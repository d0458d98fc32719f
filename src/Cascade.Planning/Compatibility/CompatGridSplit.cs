using Cascade.Planning.Fitting;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.Compatibility;

/// <summary>One half of the rows, for calibration, and what it says to do with the other.</summary>
internal sealed class CompatGridSplit(FitContext context, int[] calibration)
{
    private const double Rounding = 1e-12;

    public FrontierPoint Mean(int model) => Mean(model, calibration);

    /// <summary>The envelope on the test rows; null when fewer than two models are left.</summary>
    public double[]? Envelope(int[] test, double[] costs, int thresholds)
    {
        var models = Enumerable.Range(0, context.Models.Length).Select(Mean).ToArray();
        var pool = models.Where(m => !models.Any(o => o.CostUsd < m.CostUsd && o.Quality > m.Quality)).OrderBy(m => m.CostUsd).ToArray();
        if (pool.Length < 2)
        {
            return null;
        }

        var envelope = Enumerable.Repeat(double.NaN, costs.Length).ToArray();
        for (var low = 0; low < pool.Length; low++)
        {
            var grid = Thresholds(pool[low].Policy, thresholds);
            foreach (var high in pool.Skip(low + 1).Where(h => h.Quality > pool[low].Quality))
            {
                Raise(envelope, Curve(pool[low].Policy, high.Policy, test, grid), costs);
            }
        }

        Accumulate(envelope);
        return envelope;
    }

    private static void Accumulate(double[] curve)
    {
        for (var i = 1; i < curve.Length; i++)
        {
            curve[i] = double.IsNaN(curve[i]) || curve[i - 1] > curve[i] ? curve[i - 1] : curve[i];
        }
    }

    private static void Raise(double[] envelope, FrontierPoint[] curve, double[] costs)
    {
        var segment = 0;
        for (var i = 0; i < costs.Length; i++)
        {
            if (costs[i] < curve[0].CostUsd || costs[i] > curve[^1].CostUsd)
            {
                continue;
            }

            while (segment < curve.Length - 2 && curve[segment + 1].CostUsd < costs[i])
            {
                segment++;
            }

            var (a, b) = (curve[segment], curve[segment + 1]);
            var share = b.CostUsd > a.CostUsd ? (costs[i] - a.CostUsd) / (b.CostUsd - a.CostUsd) : 0;
            var quality = a.Quality + (share * (b.Quality - a.Quality));
            envelope[i] = envelope[i] > quality ? envelope[i] : quality;
        }
    }

    private double[] Thresholds(int model, int count)
    {
        var scores = Array.ConvertAll(calibration, row => Math.Clamp(context.Scores[model, row], -ColumnCheck.Largest, ColumnCheck.Largest));
        return CompatGridProtocol.Grid(scores.Min(), scores.Max(), count);
    }

    private FrontierPoint[] Curve(int low, int high, int[] test, double[] thresholds)
    {
        // Rows in order of score, so that the grid costs one pass and not one per threshold.
        int[] rows = [.. test.OrderBy(row => context.Scores[low, row])];
        var (direct, strong) = (Mean(low, test), Mean(high, test));
        var points = new List<FrontierPoint> { direct };
        var (cost, quality, next) = (direct.CostUsd * rows.Length, direct.Quality * rows.Length, 0);
        foreach (var threshold in thresholds)
        {
            for (; next < rows.Length && context.Scores[low, rows[next]] < threshold; next++)
            {
                cost += context.Outcomes.CostUsd(high)[rows[next]];
                quality += context.Outcomes.Quality(high)[rows[next]] - context.Outcomes.Quality(low)[rows[next]];
            }

            if (cost / rows.Length <= strong.CostUsd + Rounding)
            {
                points.Add(new FrontierPoint(cost / rows.Length, quality / rows.Length, low));
            }
        }

        points.Add(strong);
        return [.. points.OrderBy(p => p.CostUsd)];
    }

    private FrontierPoint Mean(int model, int[] rows)
    {
        var (cost, quality) = (0.0, 0.0);
        foreach (var row in rows)
        {
            cost += context.Outcomes.CostUsd(model)[row];
            quality += context.Outcomes.Quality(model)[row];
        }

        return new FrontierPoint(cost / rows.Length, quality / rows.Length, model);
    }
}
