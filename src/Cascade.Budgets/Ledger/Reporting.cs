namespace Cascade.Budgets;

/// <summary>Carries out <see cref="ReportUsage"/>.</summary>
internal static class Reporting
{
    public static LedgerOutcome Apply(LedgerState state, ReportUsage command, LedgerStep step)
    {
        var status = Bookkeeping.Find(state, command.Totals, out var lease);
        if (status != LedgerStatus.Ok)
        {
            return new LedgerOutcome(state, Ledger.Refuse(state, status));
        }

        var next = Bookkeeping.BookTotals(state, lease!, command.Totals, step);
        next = Bookkeeping.HoldUnconfirmed(next, next.Leases[lease!.Id], command.Totals, step);
        var updated = Bookkeeping.Recount(next, next.Leases[lease.Id]) with
        {
            Released = Money.Max(lease.Released, command.Totals.Released),
            ExpiresAt = step.Now.ToUniversalTime() + command.Lifetime,
        };
        next = next with { Leases = next.Leases.SetItem(lease.Id, updated) };
        return new LedgerOutcome(next, Ledger.Done(next, updated));
    }
}
