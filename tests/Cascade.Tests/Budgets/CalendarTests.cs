using Cascade.Budgets;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Budgets;

public sealed class CalendarTests
{
    private const long Years = 40;

    private static readonly string[] Zones =
    [
        "UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo", "America/Havana",
        "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "America/Santiago",
    ];

    private static readonly DateTimeOffset First = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly (string Zone, DateTimeOffset Day)[] Changes = [.. Zones.SelectMany(ChangesOf)];

    [Theory]
    [InlineData(WindowKind.Hour, "UTC", "2026-03-04T10:30:00Z", "2026-03-04T10:00:00Z", "2026-03-04T11:00:00Z")]
    [InlineData(WindowKind.Hour, "Asia/Kolkata", "2026-03-04T10:15:00Z", "2026-03-04T09:30:00Z", "2026-03-04T10:30:00Z")]
    [InlineData(WindowKind.Day, "UTC", "2026-03-04T00:00:00Z", "2026-03-04T00:00:00Z", "2026-03-05T00:00:00Z")]
    [InlineData(WindowKind.Week, "UTC", "2026-03-08T23:59:59Z", "2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z")]
    [InlineData(WindowKind.Week, "UTC", "2026-03-09T00:00:00Z", "2026-03-09T00:00:00Z", "2026-03-16T00:00:00Z")]
    [InlineData(WindowKind.Month, "America/New_York", "2026-03-20T12:00:00Z", "2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z")]
    public void StartOf_OrdinaryDays_CutsAtLocalBoundaries(WindowKind kind, string zone, string now, string start, string end) =>
        AssertWindow(kind, zone, now, start, end);

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")]
    [InlineData("America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z")]
    [InlineData("America/Sao_Paulo", "2018-02-18T02:30:00Z", "2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z")]
    [InlineData("Asia/Beirut", "2024-03-31T12:00:00Z", "2024-03-30T22:00:00Z", "2024-03-31T21:00:00Z")]
    [InlineData("Africa/Cairo", "2024-04-26T12:00:00Z", "2024-04-25T22:00:00Z", "2024-04-26T21:00:00Z")]
    [InlineData("Africa/Cairo", "2024-10-31T21:30:00Z", "2024-10-30T21:00:00Z", "2024-10-31T22:00:00Z")]
    [InlineData("America/Havana", "2024-11-03T05:30:00Z", "2024-11-03T04:00:00Z", "2024-11-04T05:00:00Z")]
    [InlineData("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z")]
    public void StartOf_DayWhenClocksChange_IsTheFirstInstantOfTheDate(string zone, string now, string start, string end) =>
        AssertWindow(WindowKind.Day, zone, now, start, end);

    [Fact]
    public void StartOf_ClocksGoBackOverMidnight_DoesNotReturnToTheOldDay()
    {
        // St. John's went back one hour at 00:01 on 4 November 2007, so the third's last hour came twice.
        var firstMinute = At("2007-11-04T02:30:30Z");
        var repeated = At("2007-11-04T03:00:00Z");

        Assert.Equal(At("2007-11-04T02:30:00Z"), Calendar.StartOf(WindowKind.Day, "America/St_Johns", firstMinute));
        Assert.Equal(At("2007-11-04T02:30:00Z"), Calendar.StartOf(WindowKind.Day, "America/St_Johns", repeated));
    }

    [Fact]
    public void StartOf_RepeatedHour_IsAWindowOfItsOwn()
    {
        AssertWindow(WindowKind.Hour, "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z");
        AssertWindow(WindowKind.Hour, "Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z");
    }

    [Fact]
    public void EndOf_Total_NeverComes()
    {
        Assert.Null(Calendar.EndOf(WindowKind.Total, "UTC", At("2026-01-01T00:00:00Z")));
        Assert.Equal(DateTimeOffset.MinValue, Calendar.StartOf(WindowKind.Total, "UTC", At("2026-01-01T00:00:00Z")));
    }

    [Fact]
    public void Windows_AnyZoneAndInstant_CutTimeWithoutGapOrOverlap() => Instants.Sample(
        moment =>
        {
            var (kind, zone, now) = moment;
            var start = Calendar.StartOf(kind, zone, now);
            var end = Calendar.EndOf(kind, zone, now)!.Value;
            Assert.True(start <= now && now < end, $"{kind} {zone} {now:O}: {start:O} to {end:O}");
            Assert.Equal(start, Calendar.StartOf(kind, zone, start));
            Assert.Equal(start, Calendar.StartOf(kind, zone, end.AddTicks(-1)));
            Assert.Equal(end, Calendar.EndOf(kind, zone, start));
            Assert.Equal(end, Calendar.StartOf(kind, zone, end));
        },
        iter: 5000);

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var seen = new HashSet<string>();
        Instants.Sample(
            moment =>
            {
                var (kind, zone, now) = moment;
                seen.Add($"{kind}");
                seen.Add(zone);
                var length = Calendar.EndOf(kind, zone, now)!.Value - Calendar.StartOf(kind, zone, now);
                seen.Add(kind == WindowKind.Day ? $"day of {length.TotalHours} hours" : "other");
            },
            iter: 20000,
            threads: 1);

        Assert.Superset(new HashSet<string>(Zones), seen);
        Assert.Superset(new HashSet<string> { "Hour", "Day", "Week", "Month", "day of 23 hours", "day of 24 hours", "day of 25 hours" }, seen);
    }

    private static Gen<(WindowKind Kind, string Zone, DateTimeOffset Now)> Instants => Gen.Select(
        Gen.Int[1, 4].Select(k => (WindowKind)k),
        Gen.Frequency((3, AnyMoments), (1, MomentsNearChanges)),
        (kind, moment) => (kind, moment.Zone, moment.Now));

    private static Gen<(string Zone, DateTimeOffset Now)> AnyMoments => Gen.Select(
        Gen.Int[0, Zones.Length - 1], Gen.Long[0, Years * 365 * 24 * 60], (zone, minutes) => (Zones[zone], First.AddMinutes(minutes)));

    /// <summary>Clocks change on 2 days a year: any moment hits the day of a change once in 2,000 draws.</summary>
    private static Gen<(string Zone, DateTimeOffset Now)> MomentsNearChanges => Gen.Select(
        Gen.Int[0, Changes.Length - 1],
        Gen.Int[-24 * 60, 48 * 60],
        (change, minutes) => (Changes[change].Zone, Changes[change].Day.AddMinutes(minutes)));

    private static (string Zone, DateTimeOffset Day)[] ChangesOf(string id)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
        return
        [
            .. Enumerable.Range(0, (int)Years * 365).Select(day => First.AddDays(day))
                .Where(day => zone.GetUtcOffset(day) != zone.GetUtcOffset(day.AddDays(1))).Select(day => (id, day)),
        ];
    }

    private static void AssertWindow(WindowKind kind, string zone, string now, string start, string end)
    {
        Assert.Equal(At(start), Calendar.StartOf(kind, zone, At(now)));
        Assert.Equal(At(end), Calendar.EndOf(kind, zone, At(now)));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
