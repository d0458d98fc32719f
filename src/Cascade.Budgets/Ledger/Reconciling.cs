namespace Cascade.Budgets;

/// <summary>Carries out <see cref="Reconcile"/>.</summary>
internal static class Reconciling
{
    public static LedgerOutcome Apply(LedgerState state, Reconcile command, LedgerStep step)
    {
        var entry = state.Unconfirmed[command.AttemptId];
        var kind = command.Folded ? LedgerEntryKind.Folded : LedgerEntryKind.Reconciled;
        var next = Bookkeeping.End(state, command.AttemptId, entry, command.Cost, kind, step);
        if (state.Leases.TryGetValue(entry.LeaseId, out var lease) && lease.Epoch == entry.Epoch)
        {
            // The holder does not know and goes on counting the upper bound, so its totals stay comparable only if the ledger does too.
            var updated = Bookkeeping.Recount(next, lease with { Ended = lease.Ended.SetItem(command.AttemptId, entry.Upper) });
            next = next with { Leases = next.Leases.SetItem(lease.Id, updated) };
        }

        return new LedgerOutcome(next, Ledger.Done(next, lease: null));
    }
}
