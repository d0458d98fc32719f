namespace Cascade.Budgets;

/// <summary>Carries out <see cref="SetCaps"/>.</summary>
internal static class CapChange
{
    public static LedgerOutcome Apply(LedgerState state, SetCaps command, DateTimeOffset now)
    {
        var clock = LedgerWindows.Clock(state, now);
        var next = state with { Windows = [.. command.Caps.Select(cap => Window(state, cap, clock))] };
        next = next with { Windows = [.. next.Windows.Select(w => w with { Excess = LedgerWindows.Over(next, w) })] };
        return new LedgerOutcome(next, Ledger.Done(next, lease: null));
    }

    private static WindowState Window(LedgerState state, WindowCap cap, DateTimeOffset clock)
    {
        var kept = state.Windows.FirstOrDefault(w => w.Cap.Window == cap.Window && w.Cap.TimeZone == cap.TimeZone);
        if (kept is not null)
        {
            return kept with { Cap = cap };
        }

        var start = Calendar.StartOf(cap.Window, cap.TimeZone, clock);
        return new WindowState { Cap = cap, Start = start, Settled = KnownSpend(state, cap, start) };
    }

    private static Money KnownSpend(LedgerState state, WindowCap cap, DateTimeOffset start) => cap.Window == WindowKind.Total
        ? state.Settled
        : state.Windows.Where(w => w.Start >= start).Aggregate(Money.Zero, (most, w) => Money.Max(most, w.Settled));
}
