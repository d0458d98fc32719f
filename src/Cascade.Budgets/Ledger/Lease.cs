using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>Money of an account that one holder may spend without asking.</summary>
/// <remarks>
/// Granted, released, settled and requests are totals since the lease was opened, in the holder's own count, so that a late or repeated
/// report compares with them directly. What the ledger learns without the holder is kept apart in <see cref="Ended"/>.
/// </remarks>
public sealed record Lease
{
    /// <summary>The lease's name; unique for all time.</summary>
    public required string Id { get; init; }

    /// <summary>Who spends from it.</summary>
    public required string Holder { get; init; }

    /// <summary>On whose behalf; empty for the general pool.</summary>
    public string Beneficiary { get; init; } = "";

    /// <summary>The fencing epoch; no two leases of an account ever had the same.</summary>
    public required long Epoch { get; init; }

    /// <summary>Everything ever granted.</summary>
    public Money Granted { get; init; }

    /// <summary>Everything the holder gave back.</summary>
    public Money Released { get; init; }

    /// <summary>Everything the holder says it settled.</summary>
    public Money Settled { get; init; }

    /// <summary>The sum of the upper bounds of the lease's unconfirmed attempts.</summary>
    public Money Unconfirmed { get; init; }

    /// <summary>Requests that ended.</summary>
    public long Requests { get; init; }

    /// <summary>The most that calls may add up to whose intents are not durable; only grows.</summary>
    public Money Exposure { get; init; }

    /// <summary>Where the holder says it settled, in the order of the names.</summary>
    public ImmutableArray<ModelUsage> ByModel { get; init; } = [];

    /// <summary>When the lease was opened.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When the lease may be reclaimed unless its holder is heard of.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>
    /// Attempts of this lease that were unconfirmed and no longer are, with what the holder still counts as unconfirmed for them: the
    /// upper bound when the ledger was told the truth by somebody else, nothing when the holder itself reported it. A late report that
    /// names one of them again is not believed.
    /// </summary>
    public ImmutableDictionary<string, Money> Ended { get; init; } = ImmutableDictionary<string, Money>.Empty;

    /// <summary>The attempt that stands for calls whose intents were lost with the holder of a lease.</summary>
    /// <param name="leaseId">The lease.</param>
    /// <returns>The attempt's id.</returns>
    public static string ExposureAttempt(string leaseId) => $"exposure:{leaseId}";

    /// <summary>What the holder counts as unconfirmed although the ledger has reconciled it.</summary>
    public Money ReconciledAway => Ended.IsEmpty ? Money.Zero : new Money(Ended.Values.Sum(amount => amount.Nanos));

    /// <summary>What the holder may still spend; never negative.</summary>
    public Money Open => Money.Max(Money.Zero, Rest);

    /// <summary>What is neither spent nor held nor given back; negative when attempts cost more than their bounds.</summary>
    internal Money Rest => Granted - Released - Settled - Unconfirmed - ReconciledAway;
}
