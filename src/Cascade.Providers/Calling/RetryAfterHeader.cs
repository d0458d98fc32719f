using System.Globalization;

namespace Cascade.Providers.Calling;

/// <summary>Reads when a provider says to come back.</summary>
internal static class RetryAfterHeader
{
    /// <summary>A provider's mistake must not take an endpoint out for longer than this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Reads when to come back. A date is by the provider's clock, so it is taken from when the provider says it answered.</summary>
    public static TimeSpan? Parse(AnswerHead head, DateTimeOffset now) => Milliseconds(head.RetryAfterMilliseconds) ?? SecondsOrDate(head.RetryAfter, head.Date ?? now);

    private static TimeSpan? Milliseconds(string? text) =>
        Number(text) is { } number ? Clamp(TimeSpan.FromMilliseconds(Math.Min(number, Longest.TotalMilliseconds))) : null;

    private static TimeSpan? SecondsOrDate(string? text, DateTimeOffset now)
    {
        if (Number(text) is { } seconds)
            return Clamp(TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds)));
        var isDate = DateTimeOffset.TryParseExact(text?.Trim(), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date);
        return isDate ? Clamp(date - now) : null;
    }

    // Some providers send fractions of a second, though the standard has whole ones.
    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;

    private static TimeSpan Clamp(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;
}
