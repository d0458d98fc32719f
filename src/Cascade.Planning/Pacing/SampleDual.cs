namespace Cascade.Planning.Pacing;

/// <summary>
/// PORT's one-time dual (arXiv 2509.02718): the prices γ of per-model budgets that minimise
/// <c>Σ_i γ_i·B_i + Σ_t max_i(α·d_ti − γ_i·g_ti)</c> over a sample of requests, with or without a void option. Deterministic.
/// </summary>
/// <remarks>
/// The objective is convex and piecewise linear. It is minimised model by model on its log-sum-exp smoothing, whose derivative in one price is
/// monotone and found by bisection, with the temperature falling to 1e-10 of the largest value: exact for one model, and for several free of the
/// corners in which a coordinate search on the piecewise linear objective would stop. At most 200 passes over the sample.
/// </remarks>
public static class SampleDual
{
    private const int Temperatures = 10;
    private const int PassesPerTemperature = 20;
    private const int Bisections = 60;

    /// <summary>Finds the prices.</summary>
    /// <param name="value">d, row by row one value per model, 0 or more.</param>
    /// <param name="cost">g, row by row one value per model, 0 or more.</param>
    /// <param name="budgets">B of the sample per model, above 0: the run's budget times the sample's share of the run.</param>
    /// <param name="scale">α, above 0; PORT uses 1e-4.</param>
    /// <param name="mode">The objective.</param>
    /// <returns>γ per model, 0 or more; at most 1 in <see cref="SampleDualMode.Compat"/>.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit, there is no row, or a number is out of its range.</exception>
    public static double[] Solve(
        ReadOnlySpan<double> value, ReadOnlySpan<double> cost, ReadOnlySpan<double> budgets, double scale, SampleDualMode mode)
    {
        var problem = Check(value, cost, budgets, scale, mode);
        var prices = new double[budgets.Length];
        Array.Fill(prices, Math.Min(problem.Highest, 1.0 / budgets.Length));
        var terms = new double[value.Length];
        for (var level = 0; level < Temperatures; level++)
        {
            var temperature = problem.Largest * Math.Pow(10, -level - 1);
            for (var pass = 0; pass < PassesPerTemperature; pass++)
            {
                var moved = 0.0;
                for (var model = 0; model < prices.Length; model++)
                {
                    var before = prices[model];
                    prices[model] = Best(problem, value, cost, budgets[model], prices, model, temperature, terms);
                    moved = Math.Max(moved, Math.Abs(prices[model] - before));
                }

                if (moved <= 1e-12 * problem.Highest)
                {
                    break;
                }
            }
        }

        return prices;
    }

    /// <summary>The objective at given prices.</summary>
    /// <param name="value">d, row by row one value per model.</param>
    /// <param name="cost">g, row by row one value per model.</param>
    /// <param name="budgets">B of the sample per model.</param>
    /// <param name="scale">α.</param>
    /// <param name="mode">The objective.</param>
    /// <param name="prices">γ per model.</param>
    /// <returns>Its value.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit, there is no row, or a number is out of its range.</exception>
    public static double Objective(
        ReadOnlySpan<double> value,
        ReadOnlySpan<double> cost,
        ReadOnlySpan<double> budgets,
        double scale,
        SampleDualMode mode,
        ReadOnlySpan<double> prices)
    {
        Check(value, cost, budgets, scale, mode);
        var sum = 0.0;
        for (var i = 0; i < budgets.Length; i++)
        {
            sum += prices[i] * budgets[i];
        }

        for (var at = 0; at < value.Length; at += budgets.Length)
        {
            var best = mode == SampleDualMode.Void ? 0 : double.NegativeInfinity;
            for (var i = 0; i < budgets.Length; i++)
            {
                best = Math.Max(best, (scale * value[at + i]) - (prices[i] * cost[at + i]));
            }

            sum += best;
        }

        return sum;
    }

    private static Problem Check(
        ReadOnlySpan<double> value, ReadOnlySpan<double> cost, ReadOnlySpan<double> budgets, double scale, SampleDualMode mode)
    {
        var models = new ColumnCheck(budgets.Length);
        models.Range(budgets, nameof(budgets), double.Epsilon, ColumnCheck.LargestCost);
        models.Throw(nameof(budgets));
        var rows = new ColumnCheck(Math.Max(1, value.Length / budgets.Length) * budgets.Length);
        rows.Range(value, nameof(value), 0, ColumnCheck.LargestCost);
        rows.Length(cost.Length, nameof(cost));
        rows.Range(cost, nameof(cost), 0, ColumnCheck.LargestCost);
        rows.Throw(nameof(value));
        if (!double.IsFinite(scale) || scale <= 0 || mode is not (SampleDualMode.Void or SampleDualMode.Compat))
        {
            throw new ArgumentException($"scale {scale} and mode {mode}: give a scale above 0 and one of the two modes", nameof(scale));
        }

        var (largest, highest) = (double.Epsilon, 0.0);
        for (var i = 0; i < value.Length; i++)
        {
            largest = Math.Max(largest, scale * value[i]);
            highest = cost[i] > 0 ? Math.Max(highest, scale * value[i] / cost[i]) : highest;
        }

        return new Problem(models: budgets.Length, scale, mode == SampleDualMode.Compat ? 1 : Math.Max(highest, double.Epsilon), largest, mode);
    }

    private static double Best(
        in Problem problem, ReadOnlySpan<double> value, ReadOnlySpan<double> cost, double budget,
        ReadOnlySpan<double> prices, int model, double temperature, Span<double> terms)
    {
        var rows = value.Length / problem.Models;
        var others = terms[..rows];
        for (var row = 0; row < rows; row++)
        {
            others[row] = Others(problem, value, cost, prices, row, model, temperature);
        }

        var (low, high) = (0.0, problem.Highest);
        for (var i = 0; i < Bisections; i++)
        {
            var middle = (low + high) / 2;
            var spend = 0.0;
            for (var row = 0; row < rows; row++)
            {
                var at = (row * problem.Models) + model;
                var own = ((problem.Scale * value[at]) - (middle * cost[at])) / temperature;
                spend += cost[at] / (1 + Math.Exp(Math.Clamp(others[row] - own, -700, 700)));
            }

            (low, high) = spend > budget ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    private static double Others(
        in Problem problem, ReadOnlySpan<double> value, ReadOnlySpan<double> cost, ReadOnlySpan<double> prices, int row, int model, double temperature)
    {
        // A lone model without a void option has no alternative: every request goes to it at any price.
        var largest = problem.Mode == SampleDualMode.Void ? 0 : double.NegativeInfinity;
        var start = row * problem.Models;
        for (var i = 0; i < problem.Models; i++)
        {
            largest = i == model ? largest : Math.Max(largest, ((problem.Scale * value[start + i]) - (prices[i] * cost[start + i])) / temperature);
        }

        if (double.IsNegativeInfinity(largest))
        {
            return largest;
        }

        var sum = problem.Mode == SampleDualMode.Void ? Math.Exp(-largest) : 0;
        for (var i = 0; i < problem.Models; i++)
        {
            sum += i == model ? 0 : Math.Exp((((problem.Scale * value[start + i]) - (prices[i] * cost[start + i])) / temperature) - largest);
        }

        return largest + Math.Log(sum);
    }

    private readonly struct Problem(int models, double scale, double highest, double largest, SampleDualMode mode)
    {
        public int Models { get; } = models;

        public double Scale { get; } = scale;

        public double Highest { get; } = highest;

        public double Largest { get; } = largest;

        public SampleDualMode Mode { get; } = mode;
    }
}
