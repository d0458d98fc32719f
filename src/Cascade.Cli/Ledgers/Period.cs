using System.CommandLine;
using System.Globalization;

namespace Cascade.Cli.Ledgers;

/// <summary>From when to when, as a person writes it: local days, months, or instants.</summary>
internal static class Period
{
    public static Option<string> From() => new("--from")
    {
        Description = "The first day (2026-03-01), month (2026-03) or instant (2026-03-01T12:00:00Z) that counts. Default: the beginning.",
        HelpName = "WHEN",
    };

    public static Option<string> To() => new("--to")
    {
        Description = "The first day, month or instant that does not count any more. Default: now.",
        HelpName = "WHEN",
    };

    public static Option<string> Zone() => new("--time-zone")
    {
        Description = "The time zone of days and months. Default: that of the account's caps; without an account, or without such caps, UTC.",
        HelpName = "ZONE",
        CustomParser = result =>
        {
            var zone = result.Tokens[0].Value;
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            {
                result.AddError($"--time-zone is '{zone}'; give an IANA name, for example Europe/Berlin");
            }

            return zone;
        },
    };

    /// <summary>The instant that a text means in a time zone.</summary>
    /// <exception cref="CliException">It means none.</exception>
    public static DateTimeOffset Read(string name, string? text, string zone, DateTimeOffset unset)
    {
        if (text is null)
        {
            return unset;
        }

        if (DateOnly.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 1900 and < 9000)
        {
            return Budgets.Calendar.FirstOf(zone, date);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) && instant.Year is >= 1900 and < 9000
            ? instant.ToUniversalTime()
            : throw new CliException(ExitCodes.BadUsage, $"{name} is '{text}'; give a day (2026-03-01), a month (2026-03) or an instant (2026-03-01T12:00:00Z)");
    }
}
