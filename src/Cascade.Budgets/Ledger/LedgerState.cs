using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>Everything a ledger knows of one account. Immutable; <see cref="Ledger.Apply"/> makes the next one.</summary>
public sealed record LedgerState
{
    private SoundMark? _sound;

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

    /// <summary>Where the booked money went, in the order of the names; the amounts add up to <see cref="Settled"/>.</summary>
    public ImmutableArray<ModelUsage> ByModel { get; init; } = [];

    /// <summary>The epoch of the next lease, from 1.</summary>
    public long NextEpoch { get; init; } = 1;

    /// <summary>The latest operations.</summary>
    public OperationLog Operations { get; init; } = OperationLog.Empty;

    /// <summary>Whether this very object, not one it was made from, was found to be sound.</summary>
    internal bool IsSound
    {
        get => ReferenceEquals(_sound?.State, this);
        set => _sound = value ? new SoundMark(this) : null;
    }

    /// <summary>Copied into every state that is made from this one, where it marks nothing; and no part of what a state is.</summary>
    private sealed class SoundMark(LedgerState state)
    {
        public LedgerState State => state;

        public override bool Equals(object? obj) => true;

        public override int GetHashCode() => 0;
    }
}
