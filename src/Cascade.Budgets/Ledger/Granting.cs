namespace Cascade.Budgets;

/// <summary>Carries out <see cref="GrantLease"/>.</summary>
internal static class Granting
{
    // Small enough that one holder cannot take all that is left, large enough that a lease lasts for many requests.
    private const long Share = 4;

    public static LedgerOutcome Apply(LedgerState state, GrantLease command, LedgerStep step)
    {
        var lease = LedgerQueries.LeaseOf(state, command.Holder, command.Beneficiary);
        var expiresAt = step.Now.ToUniversalTime() + command.Lifetime;
        var open = LedgerWindows.Open(state);
        if (Refusing(state, command, lease, open) is { } refusing)
        {
            var next = lease is null ? state : With(state, lease with { ExpiresAt = expiresAt });
            return new LedgerOutcome(next, Refusal(next, command, refusing, lease));
        }

        var amount = command.Wanted;
        var observed = state;
        foreach (var window in state.Windows)
        {
            var fits = Remaining(state, window, command) - OpenOf(lease) >= command.Needed;
            if (window.Cap.Mode == CapMode.Hard || (window.Cap.Mode == CapMode.Observe && fits))
            {
                amount = Money.Min(amount, Amount(command, Available(state, window, command, open)));
            }
            else if (window.Cap.Mode == CapMode.Observe)
            {
                observed = WouldRefuse(observed, window, command, step);
            }
        }

        var granted = Grow(state, command, lease, amount, step) with { ExpiresAt = expiresAt };
        step.Write(step.Entry(lease is null ? LedgerEntryKind.LeaseOpened : LedgerEntryKind.LeaseGrown, granted) with
        {
            Amount = amount,
            Upper = granted.Exposure,
            ExpiresAt = expiresAt,
        });
        var after = With(observed, granted) with { NextEpoch = lease is null ? state.NextEpoch + 1 : state.NextEpoch };
        return new LedgerOutcome(after, Ledger.Done(after, granted));
    }

    private static Lease Grow(LedgerState state, GrantLease command, Lease? lease, Money amount, LedgerStep step) => lease is null
        ? new Lease
        {
            Id = command.LeaseId,
            Holder = command.Holder,
            Beneficiary = command.Beneficiary,
            Epoch = state.NextEpoch,
            Granted = amount,
            Exposure = command.Exposure,
            OpenedAt = step.Now.ToUniversalTime(),
            ExpiresAt = default,
        }
        : lease with { Granted = lease.Granted + amount, Exposure = Money.Max(lease.Exposure, command.Exposure) };

    /// <summary>
    /// The hard window that leaves too little: of those that would do so even if everybody else gave back all they hold, else of those
    /// that do so now, the one that leaves least; the first of several.
    /// </summary>
    private static WindowState? Refusing(LedgerState state, GrantLease command, Lease? own, Money open)
    {
        var hard = state.Windows.Where(w => w.Cap.Hard).ToList();
        return hard.Where(w => Remaining(state, w, command) - OpenOf(own) < command.Needed).MinBy(w => Remaining(state, w, command))
            ?? hard.Where(w => Available(state, w, command, open) < command.Needed).MinBy(w => Available(state, w, command, open));
    }

    /// <summary>What the limit leaves to the beneficiary when every open lease comes back.</summary>
    private static Money Remaining(LedgerState state, WindowState window, GrantLease command) =>
        LedgerWindows.Remaining(state, window) - CapFloors.KeptFromOthers(state, window, command.Beneficiary, withLeases: false);

    private static Money Available(LedgerState state, WindowState window, GrantLease command, Money open) =>
        LedgerWindows.Remaining(state, window) - open - CapFloors.KeptFromOthers(state, window, command.Beneficiary, withLeases: true);

    private static Money OpenOf(Lease? lease) => lease?.Open ?? Money.Zero;

    private static Money Amount(GrantLease command, Money available) =>
        Money.Min(command.Wanted, Money.Max(command.Needed, new Money(available.Nanos / Share)));

    private static LedgerState With(LedgerState state, Lease lease) => state with { Leases = state.Leases.SetItem(lease.Id, lease) };

    private static LedgerState WouldRefuse(LedgerState state, WindowState window, GrantLease command, LedgerStep step)
    {
        step.Write(CapEntries.Of(step, LedgerEntryKind.WouldRefuse, window.Cap) with
        {
            Amount = command.Needed,
            Upper = window.Limit,
            Holder = command.Holder,
            Beneficiary = command.Beneficiary,
        });
        var counted = window with
        {
            WouldRefuse = window.WouldRefuse + 1,
            WouldRefuseAmount = Money.Min(new Money(LedgerLimits.MaxTotalNanos), window.WouldRefuseAmount + command.Needed),
        };
        return state with { Windows = state.Windows.Replace(window, counted) };
    }

    private static LedgerResult Refusal(LedgerState state, GrantLease command, WindowState refusing, Lease? own)
    {
        var remaining = Remaining(state, refusing, command);
        var status = remaining - OpenOf(own) < command.Needed ? LedgerStatus.CapReached : LedgerStatus.HeldByOthers;
        return Ledger.Refuse(state, status) with
        {
            Lease = own is null ? null : Ledger.Terms(state.Leases[own.Id]),
            Refusal = new CapRefusal
            {
                Window = refusing.Cap.Window,
                Cap = refusing.Limit,
                Remaining = remaining,
                Needed = command.Needed,
                ResetsAt = LedgerWindows.ResetsAt(state, refusing),
            },
        };
    }
}
