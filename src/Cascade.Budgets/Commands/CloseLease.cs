namespace Cascade.Budgets;

/// <summary>
/// Ends a lease with the totals of its sealed journal. The list of unconfirmed attempts is final: one that was reported before and is not
/// in it is no longer held. Those in it stay held after the lease is gone. <see cref="LeaseTotals.Released"/> has no meaning here.
/// </summary>
public sealed record CloseLease : LedgerCommand
{
    /// <summary>The final totals; where they are below what is booked, what is booked stays.</summary>
    public required LeaseTotals Totals { get; init; }

    internal override void Describe(Fingerprint fingerprint)
    {
        fingerprint.Add("close");
        Totals?.Describe(fingerprint);
    }
}
