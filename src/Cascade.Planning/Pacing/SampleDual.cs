namespace Cascade.Planning.Pacing;

/// <summary>
/// PORT's one-time dual (arXiv 2509.02718): the prices γ of per-model budgets that minimise
/// <c>Σ_i γ_i·B_i + Σ_t max_i(α·d_ti − γ_i·g_ti)</c> over a sample of requests, with or without a void option. Deterministic.
/// </summary>
/// <remarks>
/// The objective is convex and piecewise linear. It is minimised on its log-sum-exp smoothing by projected Newton steps, with a temperature that falls
/// to 1e-9 of the largest value: the smoothing then adds at most that times the rows and the logarithm of the options.
/// </remarks>
public static class SampleDual
{
    private const int Temperatures = 16;
    private const double Cooling = 0.25;

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
        var (largest, highest) = Check(value, cost, budgets, scale, mode);
        var prices = new double[budgets.Length];
        Array.Fill(prices, Math.Min(highest, 1.0 / budgets.Length));
        var dual = new SmoothedDual(value, cost, budgets, scale, mode, highest);
        var temperature = largest;
        for (var level = 0; level < Temperatures; level++)
        {
            dual.Minimise(prices, temperature);
            temperature *= Cooling;
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

    private static (double Largest, double Highest) Check(
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

        return mode == SampleDualMode.Compat ? (Math.Max(largest, cost.IsEmpty ? 0 : Largest(cost)), 1) : (largest, highest);
    }

    private static double Largest(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values)
        {
            largest = Math.Max(largest, value);
        }

        return largest;
    }
}
