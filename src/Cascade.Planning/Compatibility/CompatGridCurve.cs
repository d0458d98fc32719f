using System.Collections.Immutable;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.Compatibility;

/// <summary>The result of <see cref="CompatGridProtocol"/>.</summary>
public sealed record CompatGridCurve
{
    /// <summary>The costs in dollars, ascending.</summary>
    public required ImmutableArray<double> CostUsd { get; init; }

    /// <summary>The median over splits of the envelope's quality at each cost; NaN where no split has a curve.</summary>
    public required ImmutableArray<double> MedianQuality { get; init; }

    /// <summary>The cheapest model over all rows.</summary>
    public required FrontierPoint Cheapest { get; init; }

    /// <summary>The model of the highest mean quality over all rows.</summary>
    public required FrontierPoint Best { get; init; }

    /// <summary>
    /// Gain of the publication's table 1: the area between the curve and the line from the cheapest to the best model, by trapezoids between grid
    /// costs, divided by the rectangle around the line.
    /// </summary>
    /// <returns>The gain, at most 1; NaN when the best model is no dearer or no better than the cheapest.</returns>
    public double Gain()
    {
        var (width, height) = (Best.CostUsd - Cheapest.CostUsd, Best.Quality - Cheapest.Quality);
        if (!(width > 0 && height > 0))
        {
            return double.NaN;
        }

        var (area, lastCost, lastAbove) = (0.0, double.NaN, double.NaN);
        for (var i = 0; i < CostUsd.Length; i++)
        {
            if (double.IsNaN(MedianQuality[i]) || CostUsd[i] < Cheapest.CostUsd - 1e-12 || CostUsd[i] > Best.CostUsd + 1e-12)
            {
                continue;
            }

            var above = MedianQuality[i] - Cheapest.Quality - (height * (CostUsd[i] - Cheapest.CostUsd) / width);
            area += double.IsNaN(lastCost) ? 0 : (CostUsd[i] - lastCost) * (above + lastAbove) / 2;
            (lastCost, lastAbove) = (CostUsd[i], above);
        }

        return area / (width * height);
    }

    /// <summary>
    /// CR@90 of the publication's table 1 for a share of 0.9: what the first grid cost that reaches that share of the best model's quality saves of
    /// the best model's cost.
    /// </summary>
    /// <param name="share">The share of the best model's quality to reach, above 0.</param>
    /// <returns>The share saved, at most 1; NaN when no grid cost reaches it.</returns>
    public double CostReduction(double share)
    {
        for (var i = 0; i < CostUsd.Length; i++)
        {
            if (MedianQuality[i] >= share * Best.Quality)
            {
                return (Best.CostUsd - CostUsd[i]) / Best.CostUsd;
            }
        }

        return double.NaN;
    }
}
