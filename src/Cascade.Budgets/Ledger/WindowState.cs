using System.Collections.Immutable;

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
    /// By how much the window may lawfully be over its cap: a limit that is below what was already committed, or bookings above what was
    /// held for them. Shrinks as the window does.
    /// </summary>
    public Money Excess { get; init; }

    /// <summary>
    /// <see cref="Settled"/> by piece and beneficiary: all of it in a rolling window, else only what those with a floor spent. In the order of
    /// the pieces.
    /// </summary>
    public ImmutableArray<WindowPart> Parts { get; init; } = [];

    /// <summary>What changes the cap for a time.</summary>
    public ImmutableArray<CapOverride> Overrides { get; init; } = [];

    /// <summary>The highest percentage that was alerted and is not armed again; zero when none was.</summary>
    public int AlertedPercent { get; init; }

    /// <summary>How many grants an observed cap would have refused since it was set.</summary>
    public long WouldRefuse { get; init; }

    /// <summary>What those grants needed.</summary>
    public Money WouldRefuseAmount { get; init; }

    /// <summary>The limit with all overrides, at least zero.</summary>
    public Money Limit
    {
        get
        {
            var limit = Cap.Limit;
            foreach (var change in Overrides)
            {
                limit += change.Change;
            }

            return Money.Max(Money.Zero, limit);
        }
    }
}
