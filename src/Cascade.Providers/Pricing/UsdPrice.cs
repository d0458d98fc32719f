using System.Globalization;

namespace Cascade.Providers.Pricing;

/// <summary>Turns a price written in dollars into nano-dollars, exactly or not at all.</summary>
public static class UsdPrice
{
    private const decimal NanosPerUsd = 1_000_000_000m;
    private const decimal MaxUsd = long.MaxValue / NanosPerUsd;

    /// <summary>Converts dollars to nano-dollars.</summary>
    /// <param name="usd">Dollars, at least 0, with no more than 9 significant decimals.</param>
    /// <param name="nanos">The same amount in nano-dollars; 0 when there is a problem.</param>
    /// <param name="problem">What is wrong with the amount and how to repair it; empty when it was converted.</param>
    /// <returns>Whether the amount was converted.</returns>
    public static bool TryToNanos(decimal usd, out long nanos, out string problem)
    {
        nanos = 0;
        problem = Problem(usd);
        if (problem.Length > 0)
            return false;

        nanos = (long)(usd * NanosPerUsd);
        return true;
    }

    private static string Problem(decimal usd)
    {
        var shown = usd.ToString(CultureInfo.InvariantCulture);
        if (usd < 0)
            return $"is negative ({shown}); give the price in USD, at least 0.";
        if (usd > MaxUsd)
            return $"is more than can be counted ({shown}); give at most {MaxUsd.ToString(CultureInfo.InvariantCulture)} USD.";
        if (usd * NanosPerUsd != decimal.Truncate(usd * NanosPerUsd))
            return $"has more than 9 decimals ({shown}), which is finer than a nano-dollar; round it up to 9 decimals.";
        return "";
    }
}
