namespace Cascade.Budgets;

/// <summary>What a report and a closing have in common: comparing totals, and booking late truths where they belong.</summary>
internal static class Bookkeeping
{
    public static LedgerStatus Find(LedgerState state, LeaseTotals totals, out Lease? lease)
    {
        if (!state.Leases.TryGetValue(totals.LeaseId, out lease))
        {
            return LedgerStatus.UnknownLease;
        }

        return lease.Epoch == totals.Epoch ? LedgerStatus.Ok : LedgerStatus.StaleEpoch;
    }

    /// <summary>Books what the totals say beyond those known. The lease in the result has the new totals.</summary>
    public static LedgerState BookTotals(LedgerState state, Lease lease, LeaseTotals totals, DateTimeOffset clock)
    {
        var rest = Money.Max(Money.Zero, totals.Settled - lease.Settled);
        var next = state;
        var ended = lease.Ended;
        foreach (var (attemptId, cost) in totals.Resolved)
        {
            if (ended.TryGetValue(attemptId, out var away) && away == Money.Zero)
            {
                continue;
            }

            var share = Money.Min(cost, rest);
            if (next.Unconfirmed.TryGetValue(attemptId, out var entry))
            {
                // Spent when the attempt was made, however late its cost is known: today's window has nothing held for it.
                next = LedgerWindows.Book(next with { Unconfirmed = next.Unconfirmed.Remove(attemptId) }, share, entry.At);
                rest -= share;
            }
            else if (away > Money.Zero)
            {
                // Somebody else reconciled it, so its cost is booked already.
                rest -= share;
            }

            ended = ended.SetItem(attemptId, Money.Zero);
        }

        next = LedgerWindows.Book(next, rest, clock);
        var requests = Math.Max(lease.Requests, totals.Requests);
        var updated = lease with { Settled = Money.Max(lease.Settled, totals.Settled), Requests = requests, Ended = ended };
        return next with
        {
            Requests = next.Requests + requests - lease.Requests,
            Leases = next.Leases.SetItem(lease.Id, Recount(next, updated)),
        };
    }

    /// <summary>Holds the attempts of the totals, each at the wider of what is known and what is said.</summary>
    public static LedgerState HoldUnconfirmed(LedgerState state, Lease lease, LeaseTotals totals, DateTimeOffset clock)
    {
        var entries = state.Unconfirmed.ToBuilder();
        foreach (var (attemptId, lower, upper) in totals.Unconfirmed)
        {
            if (lease.Ended.ContainsKey(attemptId))
            {
                continue;
            }

            var known = entries.GetValueOrDefault(attemptId);
            entries[attemptId] = new UnconfirmedEntry
            {
                LeaseId = lease.Id,
                Epoch = lease.Epoch,
                Lower = known is null ? lower : Money.Min(known.Lower, lower),
                Upper = known is null ? upper : Money.Max(known.Upper, upper),
                At = known?.At ?? clock,
            };
        }

        return state with { Unconfirmed = entries.ToImmutable() };
    }

    /// <summary>Sums the lease's unconfirmed attempts anew.</summary>
    public static Lease Recount(LedgerState state, Lease lease) => lease with
    {
        Unconfirmed = new Money(state.Unconfirmed.Values.Where(e => e.Epoch == lease.Epoch).Sum(e => e.Upper.Nanos)),
    };
}
