namespace Cascade.Budgets;

/// <summary>Carries out <see cref="CloseLease"/>.</summary>
internal static class Closing
{
    public static LedgerOutcome Apply(LedgerState state, CloseLease command, LedgerStep step)
    {
        var status = Bookkeeping.Find(state, command.Totals, out var lease);
        if (status != LedgerStatus.Ok)
        {
            return new LedgerOutcome(state, Ledger.Refuse(state, status));
        }

        var next = Bookkeeping.BookTotals(state, lease!, command.Totals, step);
        var closing = next.Leases[lease!.Id];
        next = Bookkeeping.HoldUnconfirmed(Forget(next, closing, command.Totals, step), closing, command.Totals, step);
        closing = Bookkeeping.Recount(next, closing);
        step.Write(step.Entry(LedgerEntryKind.LeaseClosed, closing) with { Amount = closing.Open });
        next = command.Clean ? next : HoldExposure(next, closing, command.Overrun, step);
        next = next with { Leases = next.Leases.Remove(lease.Id) };
        return new LedgerOutcome(next, Ledger.Done(next, lease: null));
    }

    /// <summary>Drops what the final list does not name, and takes its bounds for what it does; only the time of an attempt stays.</summary>
    private static LedgerState Forget(LedgerState state, Lease lease, LeaseTotals totals, LedgerStep step)
    {
        if (state.Unconfirmed.IsEmpty)
        {
            return state;
        }

        var final = totals.Unconfirmed.ToDictionary(attempt => attempt.AttemptId, StringComparer.Ordinal);
        var entries = state.Unconfirmed.ToBuilder();
        foreach (var (attemptId, entry) in state.Unconfirmed.Where(pair => pair.Value.Epoch == lease.Epoch))
        {
            if (!final.TryGetValue(attemptId, out var bounds))
            {
                entries.Remove(attemptId);
                step.Write(step.Entry(LedgerEntryKind.Dropped, attemptId, entry));
            }
            else if (entry.Lower != bounds.Lower || entry.Upper != bounds.Upper)
            {
                entries[attemptId] = entry with { Lower = bounds.Lower, Upper = bounds.Upper };
                step.Write(step.Entry(LedgerEntryKind.Held, attemptId, entries[attemptId]));
            }
        }

        return state with { Unconfirmed = entries.ToImmutable() };
    }

    /// <summary>Calls whose intents were lost with the holder may be billed: they cannot have added up to more than the exposure.</summary>
    private static LedgerState HoldExposure(LedgerState state, Lease lease, Money overrun, LedgerStep step)
    {
        var upper = Money.Min(lease.Exposure, lease.Rest + overrun);
        if (upper <= Money.Zero)
        {
            return state;
        }

        var attemptId = Lease.ExposureAttempt(lease.Id);
        var held = new UnconfirmedEntry
        {
            LeaseId = lease.Id,
            Epoch = lease.Epoch,
            Beneficiary = lease.Beneficiary,
            Lower = Money.Zero,
            Upper = upper,
            At = step.Clock,
        };
        step.Write(step.Entry(LedgerEntryKind.Held, attemptId, held));
        return state with { Unconfirmed = state.Unconfirmed.SetItem(attemptId, held) };
    }
}
