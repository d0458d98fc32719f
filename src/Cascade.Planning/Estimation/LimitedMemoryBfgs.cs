using System.Numerics;
using System.Runtime.InteropServices;

namespace Cascade.Planning.Estimation;

/// <summary>
/// Minimises a smooth convex function by L-BFGS (Nocedal and Wright, "Numerical optimization", 2nd edition, algorithm 7.5) with a diagonal start
/// matrix and backtracking.
/// </summary>
internal sealed class LimitedMemoryBfgs(int memory, int maxIterations, double tolerance)
{
    private const double SufficientDecrease = 1e-4;
    private const double SmallestStep = 1e-12;

    /// <summary>Value and gradient at a point.</summary>
    public delegate double Objective(ReadOnlySpan<double> point, Span<double> gradient);

    /// <summary>Moves the point to the minimum; returns whether the largest part of the gradient came below the tolerance.</summary>
    /// <param name="objective">The function.</param>
    /// <param name="diagonal">Roughly the curvature along each axis, above 0.</param>
    /// <param name="point">Where to begin; takes the result.</param>
    public bool Minimise(Objective objective, double[] diagonal, double[] point)
    {
        var (gradient, direction, next, nextGradient) = (new double[point.Length], new double[point.Length], new double[point.Length], new double[point.Length]);
        var history = new History(memory, point.Length);
        var value = objective(point, gradient);
        for (var iteration = 0; iteration < maxIterations; iteration++)
        {
            if (Largest(gradient) <= tolerance)
            {
                return true;
            }

            history.Direction(gradient, diagonal, direction);
            var slope = Dot(gradient, direction);
            var step = 1.0;
            var nextValue = double.PositiveInfinity;
            for (; step >= SmallestStep; step /= 2)
            {
                for (var i = 0; i < point.Length; i++)
                {
                    next[i] = point[i] + (step * direction[i]);
                }

                nextValue = objective(next, nextGradient);
                if (nextValue <= value + (SufficientDecrease * step * slope))
                {
                    break;
                }
            }

            if (step < SmallestStep)
            {
                // Down to rounding, the function no longer falls along a descent direction.
                return false;
            }

            history.Add(point, next, gradient, nextGradient);
            next.CopyTo(point, 0);
            (value, gradient, nextGradient) = (nextValue, nextGradient, gradient);
        }

        return Largest(gradient) <= tolerance;
    }

    private static double Largest(double[] values)
    {
        var largest = 0.0;
        foreach (var value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    private static double Dot(double[] a, double[] b)
    {
        var left = MemoryMarshal.Cast<double, Vector<double>>(a.AsSpan());
        var right = MemoryMarshal.Cast<double, Vector<double>>(b.AsSpan());
        var sums = Vector<double>.Zero;
        for (var v = 0; v < left.Length; v++)
        {
            sums += left[v] * right[v];
        }

        var sum = Vector.Sum(sums);
        for (var i = left.Length * Vector<double>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private sealed class History(int memory, int size)
    {
        private readonly List<(double[] Step, double[] Change, double Rho)> _pairs = [];
        private readonly double[] _alphas = new double[memory];

        public void Add(double[] point, double[] next, double[] gradient, double[] nextGradient)
        {
            var reused = _pairs.Count == memory ? _pairs[0] : (new double[size], new double[size], 0);
            var product = 0.0;
            for (var i = 0; i < size; i++)
            {
                reused.Step[i] = next[i] - point[i];
                reused.Change[i] = nextGradient[i] - gradient[i];
                product += reused.Step[i] * reused.Change[i];
            }

            if (_pairs.Count == memory)
            {
                _pairs.RemoveAt(0);
            }

            if (product > 1e-300)
            {
                _pairs.Add((reused.Step, reused.Change, 1 / product));
            }
        }

        public void Direction(double[] gradient, double[] diagonal, double[] direction)
        {
            gradient.CopyTo(direction, 0);
            for (var p = _pairs.Count - 1; p >= 0; p--)
            {
                _alphas[p] = _pairs[p].Rho * Dot(_pairs[p].Step, direction);
                AddScaled(direction, _pairs[p].Change, -_alphas[p]);
            }

            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] /= diagonal[i];
            }

            for (var p = 0; p < _pairs.Count; p++)
            {
                var beta = _pairs[p].Rho * Dot(_pairs[p].Change, direction);
                AddScaled(direction, _pairs[p].Step, _alphas[p] - beta);
            }

            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] = -direction[i];
            }
        }

        private static void AddScaled(double[] target, double[] values, double factor)
        {
            var to = MemoryMarshal.Cast<double, Vector<double>>(target.AsSpan());
            var from = MemoryMarshal.Cast<double, Vector<double>>(values.AsSpan());
            for (var v = 0; v < to.Length; v++)
            {
                to[v] += factor * from[v];
            }

            for (var i = to.Length * Vector<double>.Count; i < target.Length; i++)
            {
                target[i] += factor * values[i];
            }
        }
    }
}
