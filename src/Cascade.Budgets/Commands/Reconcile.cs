namespace Cascade.Budgets;

/// <summary>
/// Replaces the interval of an unconfirmed attempt by its real cost, booked to every window that the attempt falls in. The difference to
/// the upper bound goes back to the account, not to the lease, because the holder goes on counting the upper bound.
/// </summary>
public sealed record Reconcile : LedgerCommand
{
    /// <summary>The attempt.</summary>
    public required string AttemptId { get; init; }

    /// <summary>What it cost; zero when it was not billed.</summary>
    public required Money Cost { get; init; }

    /// <summary>Whether nobody will tell the real cost any more and the bound is taken for it; only marks the entry.</summary>
    public bool Folded { get; init; }

    internal override void Describe(Fingerprint fingerprint)
    {
        fingerprint.Add("reconcile").Add(AttemptId).Add(Cost.Nanos);
        if (Folded)
        {
            fingerprint.Add(1);
        }
    }
}
