using System.Buffers;
using System.Globalization;

namespace Cascade.Providers.Calling;

/// <summary>
/// Reads what providers say of their limits: <c>x-ratelimit-*</c> with durations such as <c>6m0s</c> (OpenAI and who speaks its protocol), and
/// <c>anthropic-ratelimit-*</c> with moments. A header that cannot be understood is one that was not sent.
/// </summary>
internal static class RateLimitHeaders
{
    // Servers that say what is left and not until when say it anew with every answer.
    private static readonly TimeSpan UnknownReset = TimeSpan.FromSeconds(1);

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");
    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("us", 1e-3), ("µs", 1e-3), ("ns", 1e-6), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];

    /// <summary>Reads the headers of one answer.</summary>
    /// <param name="header">Finds a header; null when it was not sent.</param>
    /// <param name="now">The answer's own time where it says so, because moments are by the provider's clock.</param>
    public static ProviderLimits? Read(Func<string, string?> header, DateTimeOffset now)
    {
        var requests = Left(header, "x-ratelimit-{0}-requests", now) ?? Left(header, "anthropic-ratelimit-requests-{0}", now);
        var tokens = Left(header, "x-ratelimit-{0}-tokens", now) ?? Left(header, "anthropic-ratelimit-tokens-{0}", now)
            ?? Left(header, "anthropic-ratelimit-input-tokens-{0}", now);
        return requests is null && tokens is null ? null : new ProviderLimits(requests, tokens);
    }

    private static LimitLeft? Left(Func<string, string?> header, string name, DateTimeOffset now)
    {
        string Name(string part) => string.Format(CultureInfo.InvariantCulture, name, part);
        if (Count(header(Name("remaining"))) is not { } remaining)
        {
            return null;
        }

        var reset = header(Name("reset")) is { } text ? Duration(text) ?? Until(text, now) : UnknownReset;
        return reset is { } wait && wait > TimeSpan.Zero
            ? new LimitLeft(remaining, Count(header(Name("limit"))), wait > RetryAfterHeader.Longest ? RetryAfterHeader.Longest : wait)
            : null;
    }

    private static long? Count(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count) ? count : null;

    /// <summary>A duration as Go writes it, such as <c>1s</c>, <c>6m0s</c>, <c>250ms</c> or <c>1h2m3.5s</c>; a number alone is seconds.</summary>
    internal static TimeSpan? Duration(string text)
    {
        var rest = text.AsSpan().Trim();
        if (Number(rest) is { } seconds)
        {
            return Bounded(seconds * 1_000);
        }

        var milliseconds = 0.0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || Number(rest[..digits]) is not { } amount)
            {
                return null;
            }

            rest = rest[digits..];
            if (UnitOf(rest) is not { Milliseconds: > 0 } unit)
            {
                return null;
            }

            milliseconds += amount * unit.Milliseconds;
            rest = rest[unit.Unit.Length..];
        }

        return text.Length == 0 ? null : Bounded(milliseconds);
    }

    private static (string Unit, double Milliseconds) UnitOf(ReadOnlySpan<char> text)
    {
        foreach (var unit in Units)
        {
            if (text.StartsWith(unit.Unit, StringComparison.Ordinal))
            {
                return unit;
            }
        }

        return default;
    }

    private static TimeSpan? Until(string text, DateTimeOffset now) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at - now : null;

    private static double? Number(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static TimeSpan Bounded(double milliseconds) => TimeSpan.FromMilliseconds(Math.Min(milliseconds, RetryAfterHeader.Longest.TotalMilliseconds));
}
