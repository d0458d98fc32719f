using System.Numerics;
using System.Runtime.InteropServices;
using Cascade.Planning.Calibration;
using Cascade.Planning.Features;

namespace Cascade.Planning.Estimation;

/// <summary>
/// Several regressions on the same sparse rows at once, as they share the reading of the rows: mean deviance plus <c>ridge/2 · |w|²</c> for each,
/// the intercept (the last place) not penalised. A logistic head takes targets of 0 to 1, an exponential one (Poisson pseudo-maximum likelihood,
/// Gourieroux, Monfort and Trognon 1984) targets of at least 0 with mean near 1: it needs no logarithm of a cost that may be 0, and its mean
/// prediction is the mean cost.
/// </summary>
internal sealed class LinearProblem
{
    private readonly FeatureRows _features;
    private readonly double[] _targets;
    private readonly LinkFunction[] _links;
    private readonly int[] _rows;

    /// <param name="features">The rows' features.</param>
    /// <param name="targets">Row by row, <see cref="Stride"/> places each.</param>
    /// <param name="links">One per head.</param>
    /// <param name="rows">The rows that count, at least one.</param>
    public LinearProblem(FeatureRows features, double[] targets, LinkFunction[] links, int[] rows)
    {
        (_features, _targets, _links, _rows) = (features, targets, links, rows);
        Stride = StrideOf(links.Length);
        Curvature = MeanSquares();
    }

    /// <summary>Places per feature: the heads, filled up to whole vectors.</summary>
    public int Stride { get; }

    public int Heads => _links.Length;

    public int Size => (_features.Dimension + 1) * Stride;

    /// <summary>An upper estimate of the deviance's curvature by parameter, to scale steps with.</summary>
    public double[] Curvature { get; }

    public static int StrideOf(int heads) => (heads + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;

    /// <summary>The objective, all heads added up, and its gradient; infinite when a head has left the doubles.</summary>
    public double Evaluate(ReadOnlySpan<double> weights, ReadOnlySpan<double> ridge, Span<double> gradient)
    {
        gradient.Clear();
        Span<double> z = stackalloc double[Stride];
        var loss = 0.0;
        var share = 1.0 / _rows.Length;
        foreach (var row in _rows)
        {
            Forward(_features.Indexes(row), _features.Values(row), weights, z);
            loss += Residuals(z, _targets.AsSpan(row * Stride, Stride)) * share;
            Backward(_features.Indexes(row), _features.Values(row), z, gradient, share);
        }

        for (var j = 0; j < _features.Dimension * Stride; j += Stride)
        {
            for (var h = 0; h < _links.Length; h++)
            {
                loss += 0.5 * ridge[h] * weights[j + h] * weights[j + h];
                gradient[j + h] += ridge[h] * weights[j + h];
            }
        }

        return loss;
    }

    /// <summary>No weights, and intercepts at the mean of the targets: the optimum without features. Means of 0 or 1 are kept finite.</summary>
    public double[] Intercepts()
    {
        var weights = new double[Size];
        for (var h = 0; h < _links.Length; h++)
        {
            var sum = 0.0;
            foreach (var row in _rows)
            {
                sum += _targets[(row * Stride) + h];
            }

            var mean = (sum + 0.5) / (_rows.Length + 1);
            weights[Size - Stride + h] = _links[h] == LinkFunction.Logistic ? Math.Log(mean / (1 - mean)) : Math.Log(mean);
        }

        return weights;
    }

    /// <summary>The linear predictors of a row.</summary>
    public void Forward(int row, ReadOnlySpan<double> weights, Span<double> z) => Forward(_features.Indexes(row), _features.Values(row), weights, z);

    private static void Forward(ReadOnlySpan<int> indexes, ReadOnlySpan<float> values, ReadOnlySpan<double> weights, Span<double> z)
    {
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(weights);
        var sums = MemoryMarshal.Cast<double, Vector<double>>(z);
        vectors[^sums.Length..].CopyTo(sums);
        for (var e = 0; e < indexes.Length; e++)
        {
            var at = vectors.Slice(indexes[e] * sums.Length, sums.Length);
            var value = new Vector<double>(values[e]);
            for (var v = 0; v < at.Length; v++)
            {
                sums[v] += at[v] * value;
            }
        }
    }

    private static void Backward(ReadOnlySpan<int> indexes, ReadOnlySpan<float> values, ReadOnlySpan<double> residuals, Span<double> gradient, double share)
    {
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(gradient);
        var from = MemoryMarshal.Cast<double, Vector<double>>(residuals);
        for (var e = 0; e < indexes.Length; e++)
        {
            var at = vectors.Slice(indexes[e] * from.Length, from.Length);
            var value = new Vector<double>(values[e] * share);
            for (var v = 0; v < at.Length; v++)
            {
                at[v] += from[v] * value;
            }
        }

        var intercept = vectors[^from.Length..];
        for (var v = 0; v < from.Length; v++)
        {
            intercept[v] += from[v] * share;
        }
    }

    /// <summary>Turns linear predictors into prediction minus target in place, and returns the deviance.</summary>
    private double Residuals(Span<double> z, ReadOnlySpan<double> targets)
    {
        var loss = 0.0;
        for (var h = 0; h < _links.Length; h++)
        {
            loss += Deviance(_links[h], z[h], targets[h]);
            z[h] = (_links[h] == LinkFunction.Logistic ? LogisticRegression.Sigmoid(z[h]) : Math.Exp(z[h])) - targets[h];
        }

        z[_links.Length..].Clear();
        return loss;
    }

    internal static double Deviance(LinkFunction link, double z, double target) => link == LinkFunction.Logistic
        ? Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z))) - (target * z)
        : Math.Exp(z) - (target * z);

    private double[] MeanSquares()
    {
        var squares = new double[_features.Dimension + 1];
        squares[^1] = _rows.Length;
        foreach (var row in _rows)
        {
            var indexes = _features.Indexes(row);
            var values = _features.Values(row);
            for (var e = 0; e < indexes.Length; e++)
            {
                squares[indexes[e]] += (double)values[e] * values[e];
            }
        }

        var curvature = new double[Size];
        for (var j = 0; j < squares.Length; j++)
        {
            for (var h = 0; h < _links.Length; h++)
            {
                curvature[(j * Stride) + h] = squares[j] / _rows.Length * (_links[h] == LinkFunction.Logistic ? 0.25 : 1);
            }
        }

        return curvature;
    }
}
