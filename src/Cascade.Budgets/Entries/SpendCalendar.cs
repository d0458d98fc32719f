namespace Cascade.Budgets;

/// <summary>
/// The local day or month of instants. Entries come nearly in order, so the window of the last one is asked first; the calendar itself is
/// that of the caps, with its rules for clocks that skip or repeat an hour.
/// </summary>
internal sealed class SpendCalendar(SpendDimensions by, string zone)
{
    private readonly WindowKind _kind = KindOf(by);
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(zone);
    private DateTimeOffset _start = DateTimeOffset.MaxValue;
    private DateTimeOffset _end = DateTimeOffset.MinValue;
    private DateOnly _date;

    public DateOnly? PeriodOf(DateTimeOffset at)
    {
        if (_kind == WindowKind.None)
        {
            return null;
        }

        if (at < _start || at >= _end)
        {
            _start = Calendar.StartOf(_kind, zone, at);
            _end = Calendar.EndOf(_kind, zone, at)!.Value;
            _date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(_start, _zone).DateTime);
        }

        return _date;
    }

    private static WindowKind KindOf(SpendDimensions by) => (by & (SpendDimensions.Day | SpendDimensions.Month)) switch
    {
        SpendDimensions.None => WindowKind.None,
        SpendDimensions.Day => WindowKind.Day,
        SpendDimensions.Month => WindowKind.Month,
        _ => throw new ArgumentException("spend is told apart by day or by month, not by both", nameof(by)),
    };
}
