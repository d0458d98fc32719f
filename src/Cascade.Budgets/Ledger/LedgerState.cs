using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>Everything a ledger knows of one account. Immutable; <see cref="Ledger.Apply"/> makes the next one.</summary>
public sealed record LedgerState
{
    /// <summary>An account with no caps, no leases and no spend.</summary>
    public static LedgerState Empty { get; } = new();

    /// <summary>The capped windows, in the order the caps were given.</summary>
    public ImmutableArray<WindowState> Windows { get; init; } = [];

    /// <summary>The open leases by their ids.</summary>
    public ImmutableDictionary<string, Lease> Leases { get; init; } = ImmutableDictionary.Create<string, Lease>(StringComparer.Ordinal);

    /// <summary>The attempts of unknown outcome by their ids.</summary>
    public ImmutableDictionary<string, UnconfirmedEntry> Unconfirmed { get; init; } =
        ImmutableDictionary.Create<string, UnconfirmedEntry>(StringComparer.Ordinal);

    /// <summary>Booked since the account was opened.</summary>
    public Money Settled { get; init; }

    /// <summary>What was booked or held beyond the money that was held for it; only grows.</summary>
    public Money Overrun { get; init; }

    /// <summary>Requests that ended.</summary>
    public long Requests { get; init; }

    /// <summary>The epoch of the next lease, from 1.</summary>
    public long NextEpoch { get; init; } = 1;

    /// <summary>The latest operations.</summary>
    public OperationLog Operations { get; init; } = OperationLog.Empty;
}
