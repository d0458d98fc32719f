using System.Globalization;

namespace Cascade.Cli;

/// <summary>Numbers for a person; the same in every culture.</summary>
internal static class Numbers
{
    private const int CostDigits = 3;

    /// <summary>A quality or another share of 1.</summary>
    public static string Quality(double value) => Fixed(value, 3);

    public static string Fixed(double value, int decimals) => double.IsFinite(value)
        ? (Math.Round(value, decimals) + 0.0).ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : double.IsNaN(value) ? "–" : value > 0 ? "∞" : "−∞";

    public static string Signed(double value, int decimals) => (value >= 0 ? "+" : "") + Fixed(value, decimals);

    public static string Percent(double share) => double.IsNaN(share) ? "–" : Usd.Percent(share, 0);

    public static string Percent(double share, int decimals) => double.IsNaN(share) ? "–" : Usd.Percent(share, decimals);

    public static string PValue(double value) => double.IsNaN(value) ? "–" : value < 0.001 ? "<0.001" : Fixed(value, 3);

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A cost per request with three digits, without an exponent.</summary>
    public static string Cost(double cost, bool isDollars)
    {
        if (!double.IsFinite(cost))
        {
            return Fixed(cost, 0);
        }

        return isDollars ? "$" + Digits(cost) : Digits(cost);
    }

    /// <summary>Three significant digits, without an exponent down to 1e-12.</summary>
    public static string Digits(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value == 0 ? "0" : Fixed(value, 0);
        }

        var magnitude = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return value.ToString("F" + Math.Clamp(CostDigits - 1 - magnitude, 0, 15).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>λ: quality per dollar.</summary>
    public static string Price(double price) => double.IsPositiveInfinity(price) ? "∞" : Digits(price);
}
