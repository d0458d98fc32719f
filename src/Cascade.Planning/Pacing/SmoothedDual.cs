namespace Cascade.Planning.Pacing;

/// <summary>
/// The sample dual with its maxima replaced by τ·ln Σ exp(·/τ), in units of the highest price: smooth, convex and of few dimensions, so that Newton's
/// method on the prices that are not held by their bounds (Bertsekas, 1982) takes few steps.
/// </summary>
internal readonly ref struct SmoothedDual(
    ReadOnlySpan<double> value, ReadOnlySpan<double> cost, ReadOnlySpan<double> budgets, double scale, SampleDualMode mode, double highest)
{
    private const int MostSteps = 100;
    private const int MostHalvings = 60;
    private const double Sufficient = 1e-4;

    private readonly ReadOnlySpan<double> _value = value;
    private readonly ReadOnlySpan<double> _cost = cost;
    private readonly ReadOnlySpan<double> _budgets = budgets;

    /// <summary>Moves prices to the minimum at a temperature.</summary>
    public void Minimise(Span<double> prices, double temperature)
    {
        var k = prices.Length;
        if (highest <= 0)
        {
            prices.Clear();
            return;
        }

        var (gradient, hessian, step, trial) = (new double[k], new double[k * k], new double[k], new double[k]);
        var objective = Evaluate(prices, temperature, gradient, hessian);
        for (var i = 0; i < MostSteps; i++)
        {
            Newton(prices, gradient, hessian, step);
            var (moved, next) = Search(prices, temperature, gradient, step, objective, trial);
            if (!moved)
            {
                return;
            }

            trial.CopyTo(prices);
            var gain = objective - next;
            objective = Evaluate(prices, temperature, gradient, hessian);
            if (gain <= 1e-15 * Math.Abs(objective))
            {
                return;
            }
        }
    }

    private double Evaluate(ReadOnlySpan<double> prices, double temperature, Span<double> gradient, Span<double> hessian)
    {
        var k = prices.Length;
        hessian.Clear();
        Span<double> shares = new double[k];
        var sum = 0.0;
        for (var i = 0; i < k; i++)
        {
            sum += prices[i] * _budgets[i];
            gradient[i] = highest * _budgets[i];
        }

        for (var at = 0; at < _value.Length; at += k)
        {
            sum += Shares(at, prices, temperature, shares);
            for (var i = 0; i < k; i++)
            {
                var slope = highest * _cost[at + i] * shares[i];
                gradient[i] -= slope;
                hessian[(i * k) + i] += slope * highest * _cost[at + i] / temperature;
                for (var j = 0; j < k; j++)
                {
                    hessian[(i * k) + j] -= slope * highest * _cost[at + j] * shares[j] / temperature;
                }
            }
        }

        return sum;
    }

    private double Shares(int at, ReadOnlySpan<double> prices, double temperature, Span<double> shares)
    {
        var largest = mode == SampleDualMode.Void ? 0 : double.NegativeInfinity;
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = (scale * _value[at + i]) - (prices[i] * _cost[at + i]);
            largest = Math.Max(largest, shares[i]);
        }

        var total = mode == SampleDualMode.Void ? Math.Exp(-largest / temperature) : 0;
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = Math.Exp((shares[i] - largest) / temperature);
            total += shares[i];
        }

        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] /= total;
        }

        return largest + (temperature * Math.Log(total));
    }

    // Solves H·step = −gradient over the free prices by Gauss elimination; a small ridge keeps flat directions finite.
    private void Newton(ReadOnlySpan<double> prices, ReadOnlySpan<double> gradient, ReadOnlySpan<double> hessian, Span<double> step)
    {
        var k = prices.Length;
        var system = hessian.ToArray();
        var trace = 0.0;
        for (var i = 0; i < k; i++)
        {
            trace += system[(i * k) + i];
        }

        for (var i = 0; i < k; i++)
        {
            var isHeld = (prices[i] <= 0 && gradient[i] > 0) || (prices[i] >= highest && gradient[i] < 0);
            system[(i * k) + i] += (1e-9 * trace) + 1e-12 + (1e-6 * Math.Abs(gradient[i]));
            step[i] = isHeld ? 0 : -gradient[i];
            for (var j = 0; isHeld && j < k; j++)
            {
                system[(i * k) + j] = i == j ? 1 : 0;
            }
        }

        for (var i = 0; i < k; i++)
        {
            for (var row = i + 1; row < k; row++)
            {
                var factor = system[(row * k) + i] / system[(i * k) + i];
                for (var j = i; j < k; j++)
                {
                    system[(row * k) + j] -= factor * system[(i * k) + j];
                }

                step[row] -= factor * step[i];
            }
        }

        for (var i = k - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < k; j++)
            {
                step[i] -= system[(i * k) + j] * step[j];
            }

            step[i] /= system[(i * k) + i];
        }
    }

    private (bool Moved, double Objective) Search(
        ReadOnlySpan<double> prices, double temperature, ReadOnlySpan<double> gradient, ReadOnlySpan<double> step, double objective, Span<double> trial)
    {
        Span<double> shares = new double[prices.Length];
        var length = 1.0;
        for (var halving = 0; halving < MostHalvings; halving++, length /= 2)
        {
            var (promised, sum) = (0.0, 0.0);
            for (var i = 0; i < prices.Length; i++)
            {
                trial[i] = Math.Clamp(prices[i] + (highest * length * step[i]), 0, highest);
                promised += gradient[i] * (trial[i] - prices[i]) / highest;
                sum += trial[i] * _budgets[i];
            }

            for (var at = 0; at < _value.Length; at += prices.Length)
            {
                sum += Shares(at, trial, temperature, shares);
            }

            if (promised < 0 && sum <= objective + (Sufficient * promised))
            {
                return (true, sum);
            }
        }

        return (false, objective);
    }
}
