namespace Cascade.Planning.Calibration;

/// <summary>Functions that exact intervals need; relative accuracy about 1e-10 for arguments up to 1e6.</summary>
internal static class SpecialFunctions
{
    private const int MaxTerms = 100_000;
    private const double Tiny = 1e-300;
    private const double Precision = 1e-16;

    /// <summary>ln Γ(x), x > 0: Stirling's series after shifting x to 10 or more (Abramowitz and Stegun 6.1.41).</summary>
    public static double LogGamma(double x)
    {
        var shift = 0.0;
        for (; x < 10; x++)
        {
            shift -= Math.Log(x);
        }

        var inverse = 1 / (x * x);
        var series = ((1 / 12.0) - (inverse * ((1 / 360.0) - (inverse * ((1 / 1260.0) - (inverse * ((1 / 1680.0) - (inverse / 1188)))))))) / x;
        return shift + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series;
    }

    /// <summary>ψ(x) = d ln Γ / dx, x > 0: the asymptotic series after shifting x to 10 or more (Abramowitz and Stegun 6.3.18).</summary>
    public static double Digamma(double x)
    {
        var shift = 0.0;
        for (; x < 10; x++)
        {
            shift -= 1 / x;
        }

        var inverse = 1 / (x * x);
        var series = inverse * ((1 / 12.0) - (inverse * ((1 / 120.0) - (inverse * ((1 / 252.0) - (inverse * ((1 / 240.0) - (inverse / 132))))))));
        return shift + Math.Log(x) - (0.5 / x) - series;
    }

    /// <summary>ψ′(x), x > 0 (Abramowitz and Stegun 6.4.12).</summary>
    public static double Trigamma(double x)
    {
        var shift = 0.0;
        for (; x < 10; x++)
        {
            shift += 1 / (x * x);
        }

        var inverse = 1 / (x * x);
        var series = inverse * ((1 / 6.0) - (inverse * ((1 / 30.0) - (inverse * ((1 / 42.0) - (inverse * ((1 / 30.0) - (inverse * 5 / 66))))))));
        return shift + ((1 + (0.5 / x) + series) / x);
    }

    /// <summary>I_x(a, b), the regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8, Lentz's method).</summary>
    public static double RegularizedBeta(double x, double a, double b)
    {
        if (x <= 0 || x >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));
        return x < (a + 1) / (a + b + 2)
            ? front * BetaFraction(x, a, b) / a
            : 1 - (front * BetaFraction(1 - x, b, a) / b);
    }

    /// <summary>The x with I_x(a, b) = p, by bisection down to neighbouring doubles.</summary>
    public static double InverseRegularizedBeta(double p, double a, double b) =>
        Bisect(0, 1, x => RegularizedBeta(x, a, b) < p);

    /// <summary>The z with Φ(z) = p, 0 &lt; p &lt; 1.</summary>
    public static double NormalQuantile(double p) => p < 0.5 ? -NormalQuantile(1 - p) : Bisect(0, 40, z => UpperTail(z) > 1 - p);

    /// <summary>1 − Φ(z), z ≥ 0: the series of Abramowitz and Stegun 26.2.11 up to 3, the continued fraction 26.2.14 beyond.</summary>
    public static double UpperTail(double z)
    {
        var density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
        if (z < 3)
        {
            var (term, sum) = (z, z);
            for (var i = 3; term > Precision * sum; i += 2)
            {
                term *= z * z / i;
                sum += term;
            }

            return 0.5 - (density * sum);
        }

        var fraction = z;
        for (var i = 200; i > 0; i--)
        {
            fraction = z + (i / fraction);
        }

        return density / fraction;
    }

    private static double Bisect(double low, double high, Func<double, bool> isBelow)
    {
        while (true)
        {
            var middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                return middle;
            }

            (low, high) = isBelow(middle) ? (middle, high) : (low, middle);
        }
    }

    private static double BetaFraction(double x, double a, double b)
    {
        var (c, d) = (1.0, 1 / NotZero(1 - ((a + b) * x / (a + 1))));
        var result = d;
        for (var m = 1; m < MaxTerms; m++)
        {
            var even = m * (b - m) * x / ((a - 1 + (2.0 * m)) * (a + (2.0 * m)));
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            result *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2.0 * m)) * (a + 1 + (2.0 * m)));
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            result *= d * c;
            if (Math.Abs((d * c) - 1) < Precision * 4)
            {
                break;
            }
        }

        return result;
    }

    private static double NotZero(double x) => Math.Abs(x) < Tiny ? Tiny : x;
}
