using System.Globalization;
using Cascade.Budgets;

namespace Cascade.Cli;

/// <summary>Dollars as text. Amounts are nano-dollars everywhere else.</summary>
internal static class Usd
{
    private const int MaxDecimals = 9;

    /// <summary>The exact amount, as configuration and the wire write it.</summary>
    public static string Exact(long nanos) =>
        (nanos / (decimal)Money.NanosPerDollar).ToString("0.000000000", CultureInfo.InvariantCulture);

    /// <summary>The amount for a person.</summary>
    public static string Show(long nanos, int decimals) =>
        "$" + (nanos / (decimal)Money.NanosPerDollar).ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>The amount for a person, with as many decimals as it needs by itself.</summary>
    public static string Show(long nanos) => Show(nanos, Decimals([nanos]));

    /// <summary>Decimals that leave the smallest of the amounts three digits, so that a column of them can be compared.</summary>
    public static int Decimals(IEnumerable<long> nanos)
    {
        var smallest = nanos.Where(amount => amount != 0).Select(Math.Abs).DefaultIfEmpty(Money.NanosPerDollar).Min();
        var decimals = 2;
        for (var unit = Money.NanosPerDollar; decimals < MaxDecimals && smallest < unit; unit /= 10)
        {
            decimals++;
        }

        return decimals;
    }

    /// <summary>A share for a person, in percent.</summary>
    public static string Percent(double share, int decimals = 0) =>
        (100 * share).ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + "%";

    public static bool TryParse(string? text, out long nanos)
    {
        nanos = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var usd)
            || Math.Abs(usd) > long.MaxValue / (decimal)Money.NanosPerDollar)
        {
            return false;
        }

        nanos = (long)Math.Ceiling(usd * Money.NanosPerDollar);
        return true;
    }
}
