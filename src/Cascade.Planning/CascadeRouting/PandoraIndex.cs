namespace Cascade.Planning.CascadeRouting;

/// <summary>
/// Weitzman's index of an option whose value shows only once it is paid for: the z with E[(X − z)⁺] = price. With independent options it is
/// optimal to pay in order of falling index and to stop once the best value seen reaches the next index.
/// </summary>
/// <remarks>M. L. Weitzman, "Optimal search for the best alternative", Econometrica 47(3), 1979.</remarks>
public static class PandoraIndex
{
    private const int MaxSteps = 200;

    /// <summary>The index of a normal value; −∞ never pays, and a free option of known value has its value.</summary>
    /// <param name="mean">μ.</param>
    /// <param name="deviation">σ, at least 0.</param>
    /// <param name="price">What looking costs in units of the value (λc), at least 0.</param>
    /// <returns>The index; +∞ when looking is free and the value is spread.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The deviation or the price is below 0 or not a number.</exception>
    public static double OfNormal(double mean, double deviation, double price)
    {
        RequireNotNegative(deviation, nameof(deviation));
        RequireNotNegative(price, nameof(price));
        if (deviation == 0)
        {
            return mean - price;
        }

        if (price == 0)
        {
            return double.PositiveInfinity;
        }

        return mean + (deviation * Solve(static t => NormalDistribution.Density(t) - (t * NormalDistribution.Cumulative(-t)), price / deviation, 40));
    }

    /// <summary>The index of a value that is uniform between two numbers.</summary>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value, at least the smallest.</param>
    /// <param name="price">What looking costs in units of the value (λc), at least 0.</param>
    /// <returns>The index, at most <paramref name="high"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, or the price is below 0 or not a number.</exception>
    public static double OfUniform(double low, double high, double price)
    {
        RequireNotNegative(price, nameof(price));
        RequireNotNegative(high - low, nameof(high));
        var width = high - low;
        return price >= width / 2 ? ((low + high) / 2) - price : high - Math.Sqrt(2 * price * width);
    }

    /// <summary>The t with excess(t) = target for an excess that falls to 0 and has slope −1 far below.</summary>
    private static double Solve(Func<double, double> excess, double target, double limit)
    {
        var (low, high) = (-Math.Max(limit, target), limit);
        for (var step = 0; step < MaxSteps; step++)
        {
            var middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                break;
            }

            (low, high) = excess(middle) > target ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static void RequireNotNegative(double value, string name)
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, "give a finite number of 0 or more");
        }
    }
}
