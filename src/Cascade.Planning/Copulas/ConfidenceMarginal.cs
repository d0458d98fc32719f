using System.Collections.Immutable;

namespace Cascade.Planning.Copulas;

/// <summary>
/// How the calibrated confidence of one model is distributed: point masses at its lowest and at its highest value, where saturated log-probabilities
/// pile up, and a mixture of beta distributions in between (arXiv 2501.09345, section 4). Immutable.
/// </summary>
public sealed class ConfidenceMarginal
{
    /// <summary>Most beta distributions of a mixture; how many there are is chosen by the Bayesian information criterion.</summary>
    public const int MaxComponents = 3;

    private const int Cells = 128;

    /// <summary>Share of the range within which a value counts as the end itself: saturated confidences differ in their last digits.</summary>
    private const double Saturation = 1e-6;

    private readonly double[] _nodes = new double[Cells + 1];
    private readonly double[] _values = new double[Cells + 1];
    private readonly double[] _slopes = new double[Cells + 1];
    private readonly double[] _integrals = new double[Cells + 1];

    /// <summary>Creates a distribution from known parameters.</summary>
    /// <param name="min">The lowest value, finite.</param>
    /// <param name="max">The highest value, at least the lowest.</param>
    /// <param name="massAtMin">P(φ = lowest), 0 to 1.</param>
    /// <param name="massAtMax">P(φ = highest), 0 to 1.</param>
    /// <param name="between">The mixture on (lowest, highest), scaled to 0 to 1; weights that add up to 1. Empty when the masses do.</param>
    /// <exception cref="ArgumentException">The numbers are no distribution.</exception>
    public ConfidenceMarginal(double min, double max, double massAtMin, double massAtMax, ImmutableArray<BetaComponent> between)
    {
        var rest = 1 - massAtMin - massAtMax;
        var weights = between.IsDefault ? 0 : between.Sum(c => c.Weight);
        if (!(max >= min) || !double.IsFinite(max - min) || massAtMin is not (>= 0 and <= 1) || massAtMax is not (>= 0 and <= 1) || !(rest > -1e-9))
        {
            throw new ArgumentException($"masses {massAtMin} at {min} and {massAtMax} at {max} are no distribution; give masses that add up to at most 1");
        }

        if (rest > 1e-9 && (!(Math.Abs(weights - 1) < 1e-9) || max == min))
        {
            throw new ArgumentException($"{rest} lies between {min} and {max}, where weights add up to {weights}; give a mixture of total weight 1", nameof(between));
        }

        (Min, Max, MassAtMin, MassAtMax) = (min, max, massAtMin, Math.Min(massAtMax, 1 - massAtMin));
        Between = between.IsDefault ? [] : between;
        Tabulate(Math.Max(0, rest));
    }

    /// <summary>The lowest value.</summary>
    public double Min { get; }

    /// <summary>The highest value.</summary>
    public double Max { get; }

    /// <summary>P(φ = <see cref="Min"/>).</summary>
    public double MassAtMin { get; }

    /// <summary>P(φ = <see cref="Max"/>).</summary>
    public double MassAtMax { get; }

    /// <summary>The mixture in between.</summary>
    public ImmutableArray<BetaComponent> Between { get; }

    /// <summary>E[φ].</summary>
    public double Mean => MeanAbove(double.NegativeInfinity);

    /// <summary>Fits by expectation maximisation; O(n) per iteration.</summary>
    /// <param name="values">One confidence per row, within ±1e100.</param>
    /// <returns>The distribution.</returns>
    /// <exception cref="ArgumentException">There is no row, or a value is out of its range.</exception>
    public static ConfidenceMarginal Fit(ReadOnlySpan<double> values)
    {
        var check = new ColumnCheck(values.Length);
        check.Finite(values, nameof(values));
        check.Throw(nameof(values));
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        }

        // Confidences that differ by rounding only are one.
        min = max - min > 1e-9 * Math.Max(Math.Abs(min), Math.Abs(max)) ? min : max;
        var between = new List<double>(values.Length);
        var (low, high) = (0, 0);
        var near = Saturation * (max - min);
        foreach (var value in values)
        {
            if (value <= min + near)
            {
                low++;
            }
            else if (value >= max - near)
            {
                high++;
            }
            else
            {
                between.Add((value - min) / (max - min));
            }
        }

        var n = (double)values.Length;
        ImmutableArray<BetaComponent> mixture = between.Count == 0 ? [] : Mixture([.. between]);
        return new ConfidenceMarginal(min, max, low / n, high / n, mixture);
    }

    /// <summary>F(x) = P(φ ≤ x).</summary>
    /// <param name="x">Not NaN.</param>
    /// <returns>0 to 1; a cubic through the exact values at 129 nodes.</returns>
    public double Cdf(double x)
    {
        if (x < Min || x >= Max)
        {
            return x < Min ? 0 : 1;
        }

        var (cell, share) = Locate(x);
        var width = _nodes[cell + 1] - _nodes[cell];
        var rest = 1 - share;
        return ((1 + (2 * share)) * rest * rest * _values[cell]) + (share * share * (3 - (2 * share)) * _values[cell + 1])
            + (width * share * rest * ((rest * _slopes[cell]) - (share * _slopes[cell + 1])));
    }

    /// <summary>∫_{φ > x} φ dP.</summary>
    /// <param name="x">Not NaN.</param>
    /// <returns>The mean if nothing lies at or below x, 0 if everything does.</returns>
    public double MeanAbove(double x) => x >= Max ? 0 : Max - (Math.Max(x, Min) * Cdf(x)) - CdfIntegral(Math.Max(x, Min));

    /// <summary>∫_x^Max F.</summary>
    internal double CdfIntegral(double x)
    {
        if (x >= Max)
        {
            return 0;
        }

        var (cell, share) = Locate(x);
        return _integrals[cell] - CellIntegral(cell, share);
    }

    private static ImmutableArray<BetaComponent> Mixture(double[] values)
    {
        var components = BetaMixtureFit.FitBest(values, MaxComponents).Components;
        var total = components.Sum(c => c.Weight);
        return [.. components.Where(c => c.Weight > 0).Select(c => c with { Weight = c.Weight / total })];
    }

    /// <summary>
    /// The nodes lie closest at both ends, where the density may be infinite. Slopes are the density where it keeps the cubic monotone (Fritsch
    /// and Carlson, SIAM Journal on Numerical Analysis 17, 1980), else as steep as that allows.
    /// </summary>
    private void Tabulate(double rest)
    {
        for (var i = 0; i <= Cells; i++)
        {
            var x = (1 - Math.Cos(Math.PI * i / Cells)) / 2;
            (_nodes[i], _values[i]) = (Min + (x * (Max - Min)), MassAtMin);
            foreach (var component in Between)
            {
                _values[i] += rest * component.Weight * component.Cdf(x);
                _slopes[i] += i is > 0 and < Cells ? rest * component.Weight * component.Density(x) / (Max - Min) : double.PositiveInfinity;
            }
        }

        for (var i = 0; i <= Cells && Max > Min; i++)
        {
            var before = i > 0 ? Secant(i - 1) : double.PositiveInfinity;
            var after = i < Cells ? Secant(i) : double.PositiveInfinity;
            var edge = i is 0 ? after : before;
            _slopes[i] = i is 0 or Cells ? EdgeSlope(i, edge) : Math.Min(_slopes[i], 3 * Math.Min(before, after));
        }

        for (var i = Cells - 1; i >= 0; i--)
        {
            _integrals[i] = _integrals[i + 1] + CellIntegral(i, 1);
        }
    }

    private double Secant(int cell)
    {
        var width = _nodes[cell + 1] - _nodes[cell];
        return width > 0 ? Math.Max(0, (_values[cell + 1] - _values[cell]) / width) : 0;
    }

    /// <summary>The slope at an end that makes the outermost cell a parabola, as the density there may be 0, finite or infinite.</summary>
    private double EdgeSlope(int node, double secant)
    {
        var inner = Math.Min(_slopes[node == 0 ? 1 : Cells - 1], 3 * secant);
        return Math.Clamp((2 * secant) - inner, 0, 3 * secant);
    }

    /// <summary>The integral of the cubic from the cell's start to a share of it.</summary>
    private double CellIntegral(int cell, double share)
    {
        var width = _nodes[cell + 1] - _nodes[cell];
        var (s2, s3, s4) = (share * share, share * share * share, share * share * share * share);
        var start = (s4 / 2) - s3 + share;
        var startSlope = (s4 / 4) - (2 * s3 / 3) + (s2 / 2);
        var endSlope = (s4 / 4) - (s3 / 3);
        return width * ((_values[cell] * start) + (_values[cell + 1] * (share - start)) + (width * ((_slopes[cell] * startSlope) + (_slopes[cell + 1] * endSlope))));
    }

    private (int Cell, double Share) Locate(double x)
    {
        var scaled = Math.Clamp((x - Min) / (Max - Min), 0, 1);
        var cell = Math.Clamp((int)(Math.Acos(1 - (2 * scaled)) / Math.PI * Cells), 0, Cells - 1);

        // The arc cosine rounds; the nodes themselves decide.
        cell = cell > 0 && x < _nodes[cell] ? cell - 1 : cell;
        cell = cell < Cells - 1 && x >= _nodes[cell + 1] ? cell + 1 : cell;
        var width = _nodes[cell + 1] - _nodes[cell];
        return (cell, width > 0 ? Math.Clamp((x - _nodes[cell]) / width, 0, 1) : 0);
    }
}
