namespace Cascade.Planning.Optimization;

/// <summary>
/// Minimises a smooth function of a few numbers within a box: a quasi-Newton method (BFGS) whose steps are projected on the box and whose
/// directions leave out the numbers that rest at a bound (Bertsekas, "Projected Newton methods for optimization problems with simple constraints",
/// SIAM Journal on Control and Optimization 20, 1982). With the handful of thresholds of a chain, the limited memory of L-BFGS-B would save nothing.
/// </summary>
internal static class BoxMinimizer
{
    private const int MaxIterations = 40;
    private const int MaxHalvings = 25;
    private const double SufficientDecrease = 1e-4;
    private const double Difference = 1e-6;

    /// <summary>The projected gradient at which a point counts as a minimum, of a function whose values are about 1.</summary>
    private const double Flat = 1e-7;

    /// <summary>The gain of a step, below which the next would not be worth its evaluations.</summary>
    private const double Enough = 1e-12;

    public delegate double Objective(ReadOnlySpan<double> x);

    /// <summary>Moves <paramref name="x"/> to a local minimum over the unit box, with central differences for the gradient.</summary>
    /// <returns>The value there; never above the value at the start.</returns>
    public static double Minimize(Objective objective, Span<double> x)
    {
        var size = x.Length;
        var state = new State(size);
        for (var i = 0; i < size; i++)
        {
            x[i] = Math.Clamp(x[i], 0, 1);
        }

        var value = objective(x);
        Gradient(objective, x, state.Gradient);
        for (var iteration = 0; iteration < MaxIterations && ProjectedNorm(x, state.Gradient) > Flat; iteration++)
        {
            var before = value;
            var moved = Step(objective, x, ref value, state);
            if (moved && before - value < Enough * (1 + Math.Abs(value)))
            {
                break;
            }

            if (!moved)
            {
                if (state.IsIdentity)
                {
                    break;
                }

                // The curvature collected so far misleads here; steepest descent gets the last word.
                state.Reset();
            }
        }

        return value;
    }

    private static bool Step(Objective objective, Span<double> x, ref double value, State state)
    {
        var (gradient, direction, trial) = (state.Gradient, state.Direction, state.Trial);
        state.FindDirection(x);
        for (var (halving, share) = (0, 1.0); halving < MaxHalvings; halving++, share /= 2)
        {
            var (descent, moved) = (0.0, false);
            for (var i = 0; i < x.Length; i++)
            {
                trial[i] = Math.Clamp(x[i] + (share * direction[i]), 0, 1);
                descent += gradient[i] * (trial[i] - x[i]);
                moved |= trial[i] != x[i];
            }

            if (!moved || descent >= 0)
            {
                return false;
            }

            var next = objective(trial);
            if (next <= value + (SufficientDecrease * descent))
            {
                Gradient(objective, trial, state.NextGradient);
                state.Update(x);
                trial.CopyTo(x);
                value = next;
                return true;
            }
        }

        return false;
    }

    private static void Gradient(Objective objective, Span<double> x, double[] gradient)
    {
        for (var i = 0; i < x.Length; i++)
        {
            var here = x[i];
            var (low, high) = (Math.Max(0, here - Difference), Math.Min(1, here + Difference));
            x[i] = high;
            var above = objective(x);
            x[i] = low;
            gradient[i] = (above - objective(x)) / (high - low);
            x[i] = here;
        }
    }

    private static double ProjectedNorm(ReadOnlySpan<double> x, double[] gradient)
    {
        var norm = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            norm = Math.Max(norm, Math.Abs(Math.Clamp(x[i] - gradient[i], 0, 1) - x[i]));
        }

        return norm;
    }

    private sealed class State
    {
        private readonly double[,] _inverse;

        public State(int size)
        {
            _inverse = new double[size, size];
            (Gradient, NextGradient, Direction, Trial) = (new double[size], new double[size], new double[size], new double[size]);
            Reset();
        }

        public double[] Gradient { get; private set; }

        public double[] NextGradient { get; private set; }

        public double[] Direction { get; }

        public double[] Trial { get; }

        public bool IsIdentity { get; private set; }

        public void Reset()
        {
            Array.Clear(_inverse);
            for (var i = 0; i < Direction.Length; i++)
            {
                _inverse[i, i] = 1;
            }

            IsIdentity = true;
        }

        public void FindDirection(ReadOnlySpan<double> x)
        {
            for (var i = 0; i < x.Length; i++)
            {
                Direction[i] = 0;
                for (var j = 0; j < x.Length && !IsHeld(x, i); j++)
                {
                    Direction[i] -= IsHeld(x, j) ? 0 : _inverse[i, j] * Gradient[j];
                }
            }
        }

        /// <summary>The BFGS update of the inverse Hessian with the step from x to <see cref="Trial"/>; skipped where the function is not convex along it.</summary>
        public void Update(ReadOnlySpan<double> x)
        {
            var size = x.Length;
            var (step, change, product) = (new double[size], new double[size], new double[size]);
            var (along, curvature) = (0.0, 0.0);
            for (var i = 0; i < size; i++)
            {
                step[i] = Trial[i] - x[i];
                change[i] = NextGradient[i] - Gradient[i];
                along += step[i] * change[i];
            }

            (Gradient, NextGradient) = (NextGradient, Gradient);
            if (!(along > 1e-14))
            {
                return;
            }

            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j < size; j++)
                {
                    product[i] += _inverse[i, j] * change[j];
                }

                curvature += change[i] * product[i];
            }

            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j < size; j++)
                {
                    _inverse[i, j] += (((1 + (curvature / along)) * step[i] * step[j]) - (product[i] * step[j]) - (step[i] * product[j])) / along;
                }
            }

            IsIdentity = false;
        }

        private bool IsHeld(ReadOnlySpan<double> x, int i) => (x[i] <= 0 && Gradient[i] > 0) || (x[i] >= 1 && Gradient[i] < 0);
    }
}
