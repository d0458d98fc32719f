using System.Globalization;
using Cascade.Budgets;

namespace Cascade.Grains.Configuration;

/// <summary>Reads dollars as people write them, to the nano-dollar, and refuses what it would have to round.</summary>
internal static class MoneyText
{
    private const int Places = 9;

    public static bool TryParse(string text, out Money money, out string problem)
    {
        money = default;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var dollars))
        {
            problem = $"is '{text}', which is no amount; write dollars as decimal text, for example '12.50'";
            return false;
        }

        if (dollars < 0)
        {
            problem = $"is {text}, which is below zero; write zero or more";
            return false;
        }

        if (dollars > LedgerLimits.MaxAmountNanos / (decimal)Money.NanosPerDollar)
        {
            problem = $"is {text}, which is more than can be counted; write at most {new Money(LedgerLimits.MaxAmountNanos)}";
            return false;
        }

        var nanos = dollars * Money.NanosPerDollar;
        if (nanos != decimal.Truncate(nanos))
        {
            problem = $"is {text}, which is finer than a nano-dollar; write at most {Places} decimal places";
            return false;
        }

        money = new Money((long)nanos);
        problem = "";
        return true;
    }
}
