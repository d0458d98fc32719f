namespace Cascade.Budgets;

/// <summary>Carries out <see cref="CloseLease"/>.</summary>
internal static class Closing
{
    public static LedgerOutcome Apply(LedgerState state, CloseLease command, DateTimeOffset now)
    {
        var status = Bookkeeping.Find(state, command.Totals, out var lease);
        if (status != LedgerStatus.Ok)
        {
            return new LedgerOutcome(state, Ledger.Refuse(state, status));
        }

        var clock = LedgerWindows.Clock(state, now);
        var next = Bookkeeping.BookTotals(state, lease!, command.Totals, clock);
        var closing = next.Leases[lease!.Id];
        next = Bookkeeping.HoldUnconfirmed(Forget(next, closing, command.Totals), closing, command.Totals, clock);
        next = next with { Leases = next.Leases.Remove(lease.Id) };
        return new LedgerOutcome(next, Ledger.Done(next, lease: null));
    }

    /// <summary>Drops what the final list does not name, and takes its bounds for what it does; only the time of an attempt stays.</summary>
    private static LedgerState Forget(LedgerState state, Lease lease, LeaseTotals totals)
    {
        var final = totals.Unconfirmed.ToDictionary(attempt => attempt.AttemptId, StringComparer.Ordinal);
        var entries = state.Unconfirmed.ToBuilder();
        foreach (var (attemptId, entry) in state.Unconfirmed.Where(pair => pair.Value.Epoch == lease.Epoch))
        {
            if (final.TryGetValue(attemptId, out var bounds))
            {
                entries[attemptId] = entry with { Lower = bounds.Lower, Upper = bounds.Upper };
            }
            else
            {
                entries.Remove(attemptId);
            }
        }

        return state with { Unconfirmed = entries.ToImmutable() };
    }
}
