using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>Where an account stands at an instant.</summary>
public sealed record LedgerSnapshot
{
    /// <summary>Every capped window, rolled to the instant.</summary>
    public required ImmutableArray<WindowStanding> Windows { get; init; }

    /// <summary>Booked since the account was opened.</summary>
    public required Money Settled { get; init; }

    /// <summary>The least that attempts of unknown outcome can cost.</summary>
    public required Money UnconfirmedLower { get; init; }

    /// <summary>The most that attempts of unknown outcome can cost.</summary>
    public required Money UnconfirmedUpper { get; init; }

    /// <summary>Leased and not yet spent.</summary>
    public required Money Leased { get; init; }

    /// <summary>Open leases.</summary>
    public required int OpenLeases { get; init; }

    /// <summary>Requests that ended.</summary>
    public required long Requests { get; init; }

    /// <summary>Where the booked money went, in the order of the names.</summary>
    public ImmutableArray<ModelUsage> ByModel { get; init; } = [];

    /// <summary>What was booked or held beyond the money that was held for it.</summary>
    public required Money Overrun { get; init; }
}

/// <summary>Where one window stands.</summary>
/// <param name="Cap">The cap.</param>
/// <param name="Settled">Booked in the window.</param>
/// <param name="Unconfirmed">Held for attempts of unknown outcome that fall in the window.</param>
/// <param name="Remaining">The limit less settled and unconfirmed; open leases are not taken off. May be negative.</param>
/// <param name="StartedAt">When the window began.</param>
/// <param name="ResetsAt">When it starts anew, or for a rolling window when its oldest spend leaves; null when that never happens.</param>
public sealed record WindowStanding(
    WindowCap Cap, Money Settled, Money Unconfirmed, Money Remaining, DateTimeOffset StartedAt, DateTimeOffset? ResetsAt)
{
    /// <summary>The cap with all overrides.</summary>
    public Money Limit { get; init; } = Cap.Limit;

    /// <summary>What changes the cap for a time.</summary>
    public ImmutableArray<CapOverride> Overrides { get; init; } = [];

    /// <summary>The highest percentage that was alerted; zero when none was.</summary>
    public int AlertedPercent { get; init; }

    /// <summary>How many grants an observed cap would have refused since it was set.</summary>
    public long WouldRefuse { get; init; }

    /// <summary>What those grants needed.</summary>
    public Money WouldRefuseAmount { get; init; }
}
