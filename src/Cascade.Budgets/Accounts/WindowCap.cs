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
}

/// <summary>The most an account may spend in a window.</summary>
public sealed record WindowCap
{
    /// <summary>The window.</summary>
    public required WindowKind Window { get; init; }

    /// <summary>The cap, at least zero.</summary>
    public required Money Limit { get; init; }

    /// <summary>Whether the cap refuses (true) or is only watched.</summary>
    public bool Hard { get; init; } = true;

    /// <summary>The time zone of the calendar, by IANA name.</summary>
    public string TimeZone { get; init; } = "UTC";
}
