using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>The span a cap speaks of. Values are in storage: append only.</summary>
public enum WindowKind
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>A calendar hour.</summary>
    Hour = 1,

    /// <summary>A calendar day, which is 23 or 25 hours long when the clocks change.</summary>
    Day = 2,

    /// <summary>A calendar week from Monday.</summary>
    Week = 3,

    /// <summary>A calendar month.</summary>
    Month = 4,

    /// <summary>The account's whole life.</summary>
    Total = 5,

    /// <summary>The time that has just passed, as long as <see cref="WindowCap.Span"/>.</summary>
    Rolling = 6,
}

/// <summary>The most an account may spend in a window.</summary>
public sealed record WindowCap
{
    /// <summary>The window.</summary>
    public required WindowKind Window { get; init; }

    /// <summary>The cap, at least zero.</summary>
    public required Money Limit { get; init; }

    /// <summary>What the cap does.</summary>
    public CapMode Mode { get; init; } = CapMode.Hard;

    /// <summary>Whether the cap refuses; setting it to false makes the cap soft.</summary>
    public bool Hard
    {
        get => Mode == CapMode.Hard;
        init => Mode = value ? CapMode.Hard : CapMode.Soft;
    }

    /// <summary>The time zone of the calendar, by IANA name; without meaning for a rolling window.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The length of a rolling window, one minute to 366 days; zero for the others.</summary>
    public TimeSpan Span { get; init; }

    /// <summary>
    /// At which percentages of the cap to alert, ascending, each once in a window. What counts is settled and unconfirmed spend; open
    /// leases do not.
    /// </summary>
    public ImmutableArray<int> AlertPercents { get; init; } = DefaultAlertPercents;

    /// <summary>What the cap keeps for single beneficiaries; together at most the cap, and only under a hard one.</summary>
    public ImmutableArray<CapFloor> Floors { get; init; } = [];

    /// <summary>The percentages unless told otherwise.</summary>
    public static ImmutableArray<int> DefaultAlertPercents { get; } = [50, 80, 100];

    /// <summary>The cap's name among those of its account.</summary>
    public CapKey Key => new(Window, Span, TimeZone, Mode);

    /// <summary>Compares everything, the lists element by element.</summary>
    /// <param name="other">Another cap.</param>
    /// <returns>Whether they are alike.</returns>
    public bool Equals(WindowCap? other) => other is not null && Key == other.Key && Limit == other.Limit
        && AlertPercents.AsSpan().SequenceEqual(other.AlertPercents.AsSpan()) && Floors.AsSpan().SequenceEqual(other.Floors.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Key, Limit);
}
