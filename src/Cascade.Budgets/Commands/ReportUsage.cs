namespace Cascade.Budgets;

/// <summary>
/// Tells what was spent under a lease, and renews it. Totals lower than those known change nothing. An attempt named before and not named
/// now stays unconfirmed; one named with other bounds is held at the wider of both.
/// </summary>
/// <remarks>What was spent is booked even when the lease held less; the rest is counted in <see cref="LedgerState.Overrun"/>.</remarks>
public sealed record ReportUsage : LedgerCommand
{
    /// <summary>The totals.</summary>
    public required LeaseTotals Totals { get; init; }

    /// <summary>How long the lease lives from now, above zero and at most <see cref="LedgerLimits.MaxLifetime"/>.</summary>
    public required TimeSpan Lifetime { get; init; }

    internal override void Describe(Fingerprint fingerprint)
    {
        fingerprint.Add("report").Add(Lifetime.Ticks);
        Totals?.Describe(fingerprint);
    }
}
