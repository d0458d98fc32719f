using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>The balances of an account as its entries alone tell them.</summary>
public sealed record ReplayedLedger
{
    /// <summary>Booked since the account was opened.</summary>
    public required Money Settled { get; init; }

    /// <summary>What was committed beyond the money that was held for it.</summary>
    public required Money Overrun { get; init; }

    /// <summary>Requests that ended.</summary>
    public required long Requests { get; init; }

    /// <summary>The caps in their order, each with what its window has settled by the latest entry.</summary>
    public required ImmutableArray<ReplayedWindow> Windows { get; init; }

    /// <summary>The attempts that are held.</summary>
    public required ImmutableSortedDictionary<string, UnconfirmedEntry> Unconfirmed { get; init; }

    /// <summary>The open leases with what each was granted.</summary>
    public required ImmutableSortedDictionary<string, Money> Leases { get; init; }

    /// <summary>The booked money by endpoint, in the order of the names.</summary>
    public required ImmutableArray<ModelUsage> ByModel { get; init; }

    /// <summary>The booked money by endpoint and UTC day of the attempts.</summary>
    public required ImmutableSortedDictionary<DateOnly, ImmutableArray<ModelUsage>> ByDay { get; init; }
}

/// <summary>A cap and its window as the entries tell them.</summary>
/// <param name="Cap">The cap's name.</param>
/// <param name="Limit">The limit without overrides.</param>
/// <param name="Start">The window's first instant at the latest entry.</param>
/// <param name="Settled">What was booked to it.</param>
/// <param name="Overrides">The names of the overrides that were not ended, in ordinal order.</param>
/// <param name="WouldRefuse">How many grants it would have refused.</param>
public sealed record ReplayedWindow(
    CapKey Cap, Money Limit, DateTimeOffset Start, Money Settled, ImmutableArray<string> Overrides, long WouldRefuse);
