namespace Cascade.Budgets;

/// <summary>Carries out <see cref="GrantLease"/>.</summary>
internal static class Granting
{
    // Small enough that one holder cannot take all that is left, large enough that a lease lasts for many requests.
    private const long Share = 4;

    public static LedgerOutcome Apply(LedgerState state, GrantLease command, DateTimeOffset now)
    {
        var lease = state.Leases.Values.FirstOrDefault(l => l.Holder == command.Holder);
        var expiresAt = now.ToUniversalTime() + command.Lifetime;
        var tightest = Tightest(state);
        if (tightest is not null && Available(state, tightest) < command.Needed)
        {
            var next = lease is null ? state : With(state, lease with { ExpiresAt = expiresAt });
            return new LedgerOutcome(next, Refusal(next, command, tightest, lease));
        }

        var amount = tightest is null ? command.Wanted : Amount(command, Available(state, tightest));
        var granted = lease is null
            ? new Lease
            {
                Id = command.LeaseId,
                Holder = command.Holder,
                Epoch = state.NextEpoch,
                Granted = amount,
                OpenedAt = now.ToUniversalTime(),
                ExpiresAt = expiresAt,
            }
            : lease with { Granted = lease.Granted + amount, ExpiresAt = expiresAt };
        var after = With(state, granted) with { NextEpoch = lease is null ? state.NextEpoch + 1 : state.NextEpoch };
        return new LedgerOutcome(after, Ledger.Done(after, granted));
    }

    private static WindowState? Tightest(LedgerState state) =>
        state.Windows.Where(w => w.Cap.Hard).MinBy(w => LedgerWindows.Remaining(state, w));

    private static Money Available(LedgerState state, WindowState tightest) =>
        LedgerWindows.Remaining(state, tightest) - LedgerWindows.Open(state);

    private static Money Amount(GrantLease command, Money available) =>
        Money.Min(command.Wanted, Money.Max(command.Needed, new Money(available.Nanos / Share)));

    private static LedgerState With(LedgerState state, Lease lease) => state with { Leases = state.Leases.SetItem(lease.Id, lease) };

    private static LedgerResult Refusal(LedgerState state, GrantLease command, WindowState tightest, Lease? own)
    {
        var best = LedgerWindows.Remaining(state, tightest) - (own?.Open ?? Money.Zero);
        var status = best < command.Needed ? LedgerStatus.CapReached : LedgerStatus.HeldByOthers;
        return Ledger.Refuse(state, status) with
        {
            Lease = own is null ? null : Ledger.Terms(state.Leases[own.Id]),
            Refusal = new CapRefusal
            {
                Window = tightest.Cap.Window,
                Cap = tightest.Cap.Limit,
                Remaining = LedgerWindows.Remaining(state, tightest),
                Needed = command.Needed,
                ResetsAt = Calendar.EndOf(tightest.Cap.Window, tightest.Cap.TimeZone, tightest.Start),
            },
        };
    }
}
