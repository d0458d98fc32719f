namespace Cascade.Budgets;

/// <summary>
/// Ends a lease with the totals of its sealed journal. The list of unconfirmed attempts is final: one that was reported before and is not
/// in it is no longer held. Those in it stay held after the lease is gone. <see cref="LeaseTotals.Released"/> has no meaning here.
/// Unless the closing is clean, calls may have started whose intents were lost: as much as the lease's exposure, at most what was open,
/// stays held as one attempt that may have cost anything from nothing to that (<see cref="Lease.ExposureAttempt"/>).
/// </summary>
public sealed record CloseLease : LedgerCommand
{
    /// <summary>The final totals; where they are below what is booked, what is booked stays.</summary>
    public required LeaseTotals Totals { get; init; }

    /// <summary>Whether the holder itself said that every call it made is in the journal. Without meaning for a lease with no exposure.</summary>
    public bool Clean { get; init; }

    /// <summary>
    /// What settled attempts cost beyond their upper bounds. None of the lease's money was set aside for it, so it leaves the room that lost
    /// calls had.
    /// </summary>
    public Money Overrun { get; init; }

    internal override void Describe(Fingerprint fingerprint)
    {
        fingerprint.Add("close").Add(Clean ? 1 : 0);
        Totals?.Describe(fingerprint);
        if (Overrun != Money.Zero)
        {
            fingerprint.Add(Overrun.Nanos);
        }
    }
}
