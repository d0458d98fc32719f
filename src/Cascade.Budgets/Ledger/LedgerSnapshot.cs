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

    /// <summary>What was booked or held beyond the money that was held for it.</summary>
    public required Money Overrun { get; init; }
}

/// <summary>Where one window stands.</summary>
/// <param name="Cap">The cap.</param>
/// <param name="Settled">Booked in the window.</param>
/// <param name="Unconfirmed">Held for attempts of unknown outcome that fall in the window.</param>
/// <param name="Remaining">The cap less settled and unconfirmed; open leases are not taken off. May be negative.</param>
/// <param name="StartedAt">When the window began.</param>
/// <param name="ResetsAt">When it starts anew; null when it never does.</param>
public sealed record WindowStanding(
    WindowCap Cap, Money Settled, Money Unconfirmed, Money Remaining, DateTimeOffset StartedAt, DateTimeOffset? ResetsAt);
