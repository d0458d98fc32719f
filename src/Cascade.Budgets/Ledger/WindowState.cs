namespace Cascade.Budgets;

/// <summary>One capped window of an account.</summary>
public sealed record WindowState
{
    /// <summary>The cap.</summary>
    public required WindowCap Cap { get; init; }

    /// <summary>The window's first instant, in UTC; never moves back, and is the first instant of time for a window that never rolls.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Booked since <see cref="Start"/>.</summary>
    public Money Settled { get; init; }

    /// <summary>
    /// By how much the window may lawfully be over its cap: a cap set below what was already committed, or bookings above what was held
    /// for them. Shrinks as the window does.
    /// </summary>
    public Money Excess { get; init; }
}
