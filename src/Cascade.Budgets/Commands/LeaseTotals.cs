using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>A holder's totals of one lease since it was opened. They only grow.</summary>
public sealed record LeaseTotals
{
    /// <summary>The lease.</summary>
    public required string LeaseId { get; init; }

    /// <summary>The lease's fencing epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>Everything settled, with the cost of <see cref="Resolved"/> attempts.</summary>
    public required Money Settled { get; init; }

    /// <summary>Everything given back without closing the lease.</summary>
    public Money Released { get; init; }

    /// <summary>Requests that ended.</summary>
    public long Requests { get; init; }

    /// <summary>Attempts that may or may not be billed.</summary>
    public ImmutableArray<UnconfirmedCost> Unconfirmed { get; init; } = [];

    /// <summary>
    /// Attempts that were unconfirmed and whose cost the holder has learnt since. Without them here the ledger would go on holding their
    /// upper bound until the lease is closed, and could not tell that somebody else reconciled them.
    /// </summary>
    public ImmutableArray<ResolvedCost> Resolved { get; init; } = [];

    /// <summary>
    /// Where it was settled, one entry per endpoint. What the entries leave of <see cref="Settled"/> is booked to no endpoint, and what they
    /// say beyond it is not believed: they say where money went, never how much.
    /// </summary>
    public ImmutableArray<ModelUsage> ByModel { get; init; } = [];

    internal void Describe(Fingerprint fingerprint)
    {
        fingerprint.Add(LeaseId).Add(Epoch).Add(Settled.Nanos).Add(Released.Nanos).Add(Requests);
        fingerprint.Add(Unconfirmed.IsDefault ? 0 : Unconfirmed.Length);
        foreach (var attempt in Unconfirmed.IsDefault ? [] : Unconfirmed)
        {
            fingerprint.Add(attempt.AttemptId).Add(attempt.Lower.Nanos).Add(attempt.Upper.Nanos).Add(attempt.Endpoint);
        }

        fingerprint.Add(Resolved.IsDefault ? 0 : Resolved.Length);
        foreach (var attempt in Resolved.IsDefault ? [] : Resolved)
        {
            fingerprint.Add(attempt.AttemptId).Add(attempt.Cost.Nanos).Add(attempt.Endpoint);
        }

        fingerprint.Add(ByModel.IsDefault ? 0 : ByModel.Length);
        foreach (var model in ByModel.IsDefault ? [] : ByModel)
        {
            model?.Describe(fingerprint);
        }
    }
}

/// <summary>An attempt whose cost is known only to lie between two bounds.</summary>
/// <param name="AttemptId">The attempt; unique for all time.</param>
/// <param name="Lower">The least it can have cost.</param>
/// <param name="Upper">The most it can have cost.</param>
public readonly record struct UnconfirmedCost(string AttemptId, Money Lower, Money Upper)
{
    /// <summary>Where it was made; empty when that is not known.</summary>
    public string Endpoint { get; init; } = "";
}

/// <summary>The cost of an attempt that was unconfirmed before.</summary>
/// <param name="AttemptId">The attempt.</param>
/// <param name="Cost">What it cost.</param>
public readonly record struct ResolvedCost(string AttemptId, Money Cost)
{
    /// <summary>Where it was made; empty when that is not known.</summary>
    public string Endpoint { get; init; } = "";
}
