namespace Cascade.Budgets;

/// <summary>Carries out <see cref="SetOverride"/> and <see cref="EndOverride"/>, and ends overrides whose time is over.</summary>
internal static class Overriding
{
    public static LedgerOutcome Apply(LedgerState state, SetOverride command, LedgerStep step)
    {
        var set = command.Override with { ExpiresAt = command.Override.ExpiresAt.ToUniversalTime() };
        var next = Change(state, command.Cap, window =>
        {
            if (window.Overrides.FirstOrDefault(o => o.Id == set.Id) is { } replaced)
            {
                step.Write(Ended(step, window, replaced, "replaced", set.Author));
            }

            return window with { Overrides = window.Overrides.RemoveAll(o => o.Id == set.Id).Add(set) };
        });
        step.Write(Entry(step, LedgerEntryKind.OverrideSet, next.Windows.First(w => w.Cap.Key == command.Cap), set));
        return new LedgerOutcome(next, Ledger.Done(next, lease: null));
    }

    public static LedgerOutcome Apply(LedgerState state, EndOverride command, LedgerStep step)
    {
        var window = state.Windows.FirstOrDefault(w => w.Overrides.Any(o => o.Id == command.OverrideId));
        if (window is null)
        {
            // It was there when the command was checked, and its time ran out by the same clock.
            return new LedgerOutcome(state, Ledger.Done(state, lease: null));
        }

        var ended = window.Overrides.First(o => o.Id == command.OverrideId);
        step.Write(Ended(step, window, ended, command.Reason.Length > 0 ? command.Reason : "revoked", command.Author));
        var next = Change(state, window.Cap.Key, w => w with { Overrides = w.Overrides.Remove(ended) });
        return new LedgerOutcome(next, Ledger.Done(next, lease: null));
    }

    /// <summary>The window without the overrides whose time is over; the same object when there are none.</summary>
    public static WindowState EndExpired(WindowState window, LedgerStep step)
    {
        var left = window;
        foreach (var change in window.Overrides)
        {
            if (change.ExpiresAt <= step.Clock)
            {
                left = left with { Overrides = left.Overrides.Remove(change) };
                step.Write(Ended(step, left, change, "expired", author: ""));
            }
        }

        return left;
    }

    public static LedgerEntry Ended(LedgerStep step, WindowState window, CapOverride ended, string reason, string author) =>
        Entry(step, LedgerEntryKind.OverrideEnded, window, ended) with { Reason = reason, Author = author };

    private static LedgerEntry Entry(LedgerStep step, LedgerEntryKind kind, WindowState window, CapOverride change) =>
        CapEntries.Of(step, kind, window.Cap) with
        {
            OverrideId = change.Id,
            Amount = change.Change,
            ExpiresAt = change.ExpiresAt,
            Author = change.Author,
            Reason = change.Reason,
        };

    private static LedgerState Change(LedgerState state, CapKey cap, Func<WindowState, WindowState> change)
    {
        var windows = state.Windows.Select(w => w.Cap.Key == cap ? Alerting.Rearm(state, change(w), w.Limit) : w);
        return LedgerWindows.Explain(state, state with { Windows = [.. windows] });
    }
}
