namespace Cascade.Budgets;

/// <summary>The windows of a ledger: rolling, booking, and what they leave.</summary>
internal static class LedgerWindows
{
    /// <summary>
    /// The ledger's own clock: never before the start of a window it has entered, so that a clock set back cannot put spend or a held
    /// attempt into a window that is over.
    /// </summary>
    public static DateTimeOffset Clock(LedgerState state, DateTimeOffset now) =>
        state.Windows.Aggregate(now.ToUniversalTime(), (latest, window) => window.Start > latest ? window.Start : latest);

    public static LedgerState Roll(LedgerState state, DateTimeOffset now)
    {
        var clock = Clock(state, now);
        var windows = state.Windows;
        for (var i = 0; i < windows.Length; i++)
        {
            var start = Calendar.StartOf(windows[i].Cap.Window, windows[i].Cap.TimeZone, clock);
            if (start > windows[i].Start)
            {
                windows = windows.SetItem(i, windows[i] with { Start = start, Settled = Money.Zero });
            }
        }

        return windows == state.Windows ? state : Tighten(state with { Windows = windows });
    }

    /// <summary>Books a cost to the lifetime and to every window that the instant falls in.</summary>
    public static LedgerState Book(LedgerState state, Money cost, DateTimeOffset at) => cost == Money.Zero
        ? state
        : state with
        {
            Settled = state.Settled + cost,
            Windows = [.. state.Windows.Select(w => w.Start <= at ? w with { Settled = w.Settled + cost } : w)],
        };

    public static Money Remaining(LedgerState state, WindowState window) => window.Cap.Limit - window.Settled - Unconfirmed(state, window);

    public static Money Committed(LedgerState state, WindowState window) => window.Settled + Unconfirmed(state, window) + Open(state);

    public static Money CommittedForLife(LedgerState state) =>
        state.Settled + new Money(state.Unconfirmed.Values.Sum(entry => entry.Upper.Nanos)) + Open(state);

    public static Money Open(LedgerState state) => new(state.Leases.Values.Sum(lease => lease.Open.Nanos));

    /// <summary>The excess of a window is never more than what it is over its cap.</summary>
    public static LedgerState Tighten(LedgerState state) => state with
    {
        Windows = [.. state.Windows.Select(w => w with { Excess = Money.Min(w.Excess, Over(state, w)) })],
    };

    public static Money Over(LedgerState state, WindowState window) =>
        Money.Max(Money.Zero, Committed(state, window) - window.Cap.Limit);

    private static Money Unconfirmed(LedgerState state, WindowState window) =>
        new(state.Unconfirmed.Values.Where(entry => entry.At >= window.Start).Sum(entry => entry.Upper.Nanos));
}
