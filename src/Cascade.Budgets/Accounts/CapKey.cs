using System.Globalization;

namespace Cascade.Budgets;

/// <summary>Names one cap of an account: no two have the same.</summary>
/// <param name="Window">The window.</param>
/// <param name="Span">The span of a rolling window; zero for the others.</param>
/// <param name="TimeZone">The time zone of the calendar.</param>
/// <param name="Mode">What the cap does.</param>
public readonly record struct CapKey(WindowKind Window, TimeSpan Span, string TimeZone, CapMode Mode)
{
    /// <summary>Whether both count the same spend, whatever they do about it.</summary>
    /// <param name="other">Another cap.</param>
    /// <returns>True when window, span and time zone are the same.</returns>
    public bool SameWindow(CapKey other) => Window == other.Window && Span == other.Span && TimeZone == other.TimeZone;

    /// <summary>For people, for example <c>hard Day in UTC</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Window == WindowKind.Rolling
        ? string.Create(CultureInfo.InvariantCulture, $"{Mode} Rolling {Span}")
        : $"{Mode} {Window} in {TimeZone}";
}
