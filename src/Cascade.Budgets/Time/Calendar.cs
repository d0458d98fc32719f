namespace Cascade.Budgets;

/// <summary>
/// The calendar of capped windows. The windows of a kind and zone cut time into pieces without gap or overlap:
/// start ≤ instant &lt; end, and the end of one is the start of the next.
/// </summary>
/// <remarks>
/// A day starts at the first instant of its local date. Where the clocks skip midnight that is the instant after the gap; where they go
/// back over midnight the day that has begun goes on. A local hour that happens twice is two windows. The rules are those of the
/// operating system's IANA data.
/// </remarks>
public static class Calendar
{
    // Offsets lie between -12 and +14 hours, so the first instant of a local date is this close to its midnight read as UTC.
    private static readonly TimeSpan Reach = TimeSpan.FromHours(15);

    /// <summary>The first instant of the window that an instant falls in.</summary>
    /// <param name="kind">The window.</param>
    /// <param name="zone">The time zone, by IANA name.</param>
    /// <param name="now">The instant, of the years 1900 to 9000.</param>
    /// <returns>The start in UTC; the first instant of time for <see cref="WindowKind.Total"/>.</returns>
    /// <exception cref="TimeZoneNotFoundException">There is no such zone.</exception>
    public static DateTimeOffset StartOf(WindowKind kind, string zone, DateTimeOffset now) => kind switch
    {
        WindowKind.Total => DateTimeOffset.MinValue,
        WindowKind.Hour => HourStart(Zone(zone), now.ToUniversalTime()),
        _ => Spanning(kind, Zone(zone), now.ToUniversalTime()).Start,
    };

    /// <summary>The first instant after the window that an instant falls in.</summary>
    /// <param name="kind">The window.</param>
    /// <param name="zone">The time zone, by IANA name.</param>
    /// <param name="now">The instant, of the years 1900 to 9000.</param>
    /// <returns>The end in UTC; null for <see cref="WindowKind.Total"/>.</returns>
    /// <exception cref="TimeZoneNotFoundException">There is no such zone.</exception>
    public static DateTimeOffset? EndOf(WindowKind kind, string zone, DateTimeOffset now) => kind switch
    {
        WindowKind.Total => null,
        WindowKind.Hour => HourEnd(Zone(zone), now.ToUniversalTime()),
        _ => Spanning(kind, Zone(zone), now.ToUniversalTime()).End,
    };

    /// <summary>The first instant of a local date.</summary>
    /// <param name="zone">The time zone, by IANA name.</param>
    /// <param name="date">The date, of the years 1900 to 9000.</param>
    /// <returns>The instant in UTC.</returns>
    /// <exception cref="TimeZoneNotFoundException">There is no such zone.</exception>
    public static DateTimeOffset FirstOf(string zone, DateOnly date) => FirstInstant(Zone(zone), date);

    private static TimeZoneInfo Zone(string zone) => TimeZoneInfo.FindSystemTimeZoneById(zone);

    private static (DateTimeOffset Start, DateTimeOffset End) Spanning(WindowKind kind, TimeZoneInfo zone, DateTimeOffset now)
    {
        var first = FirstDate(kind, LocalDate(zone, now));
        var next = NextDate(kind, first);
        var start = FirstInstant(zone, first);
        var end = FirstInstant(zone, next);

        // Going back over midnight shows the old date again; the new day has begun all the same.
        while (end <= now)
        {
            start = end;
            next = NextDate(kind, next);
            end = FirstInstant(zone, next);
        }

        return (start, end);
    }

    private static DateOnly LocalDate(TimeZoneInfo zone, DateTimeOffset now) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);

    private static DateOnly FirstDate(WindowKind kind, DateOnly date) => kind switch
    {
        WindowKind.Day => date,
        WindowKind.Week => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
        WindowKind.Month => new DateOnly(date.Year, date.Month, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a window of whole days"),
    };

    private static DateOnly NextDate(WindowKind kind, DateOnly first) => kind switch
    {
        WindowKind.Day => first.AddDays(1),
        WindowKind.Week => first.AddDays(7),
        _ => first.AddMonths(1),
    };

    private static DateTimeOffset FirstInstant(TimeZoneInfo zone, DateOnly date)
    {
        var midnight = new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var before = zone.GetUtcOffset(midnight - Reach);
        var straight = midnight - before;
        if (zone.GetUtcOffset(straight) == before)
        {
            return straight;
        }

        var change = FirstChange(zone, midnight - Reach, straight);
        var after = zone.GetUtcOffset(change);
        return change + after >= midnight ? change : midnight - after;
    }

    private static DateTimeOffset HourStart(TimeZoneInfo zone, DateTimeOffset now)
    {
        var offset = zone.GetUtcOffset(now);
        var start = Floor(now + offset) - offset;
        return zone.GetUtcOffset(start) == offset ? start : FirstChange(zone, start, now);
    }

    private static DateTimeOffset HourEnd(TimeZoneInfo zone, DateTimeOffset now)
    {
        var offset = zone.GetUtcOffset(now);
        var end = Floor(now + offset) - offset + TimeSpan.FromHours(1);
        return zone.GetUtcOffset(end) == offset ? end : FirstChange(zone, now, end);
    }

    private static DateTimeOffset Floor(DateTimeOffset instant) => instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerHour));

    /// <summary>The first instant whose offset is not that of the low end, by bisection; the two ends differ.</summary>
    private static DateTimeOffset FirstChange(TimeZoneInfo zone, DateTimeOffset low, DateTimeOffset high)
    {
        var offset = zone.GetUtcOffset(low);
        while (high.Ticks - low.Ticks > 1)
        {
            var middle = low.AddTicks((high.Ticks - low.Ticks) / 2);
            if (zone.GetUtcOffset(middle) == offset)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return high;
    }
}
