using Cascade.Planning.Calibration;

namespace Cascade.Planning.CascadeRouting;

/// <summary>The standard normal distribution; absolute accuracy about 1e-15.</summary>
internal static class NormalDistribution
{
    private const double InverseRootTwoPi = 0.398942280401432677939946;
    private const double TailBelow = 0.02425;

    public static double Density(double z) => InverseRootTwoPi * Math.Exp(-0.5 * z * z);

    public static double Cumulative(double z) => z < 0 ? SpecialFunctions.UpperTail(-z) : 1 - SpecialFunctions.UpperTail(z);

    /// <summary>The z with Φ(z) = p, 0 &lt; p &lt; 1: Acklam's rational approximation, then one step of Halley's method.</summary>
    public static double Quantile(double p)
    {
        if (p > 0.5)
        {
            return -Quantile(1 - p);
        }

        var z = p < TailBelow ? Tail(Math.Sqrt(-2 * Math.Log(p))) : Centre(p - 0.5);
        var step = (Cumulative(z) - p) / Density(z);
        return z - (step / (1 + (0.5 * z * step)));
    }

    private static double Centre(double q)
    {
        var r = q * q;
        var above = Polynomial(
            r, -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00);
        var below = Polynomial(
            r, -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01, 1);
        return q * above / below;
    }

    private static double Tail(double q)
    {
        var above = Polynomial(
            q, -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00);
        var below = Polynomial(q, 7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1);
        return above / below;
    }

    private static double Polynomial(double x, params ReadOnlySpan<double> falling)
    {
        var sum = 0.0;
        foreach (var coefficient in falling)
        {
            sum = (sum * x) + coefficient;
        }

        return sum;
    }
}
