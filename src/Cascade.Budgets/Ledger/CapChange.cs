using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>Carries out <see cref="SetCaps"/>.</summary>
internal static class CapChange
{
    public static LedgerOutcome Apply(LedgerState state, SetCaps command, LedgerStep step)
    {
        var next = state with { Windows = [.. command.Caps.Select(cap => Window(state, cap, step.Clock))] };
        next = LedgerWindows.ChangeExcess(next, static (_, over) => over);
        Write(state, next, step);
        return new LedgerOutcome(next, Ledger.Done(next, lease: null));
    }

    private static WindowState Window(LedgerState state, WindowCap cap, DateTimeOffset clock)
    {
        var key = cap.Key;
        if (state.Windows.FirstOrDefault(w => w.Cap.Key == key) is { } same)
        {
            return Alerting.Rearm(state, Keep(same, cap), same.Limit);
        }

        if (state.Windows.FirstOrDefault(w => w.Cap.Key.SameWindow(key)) is { } kept)
        {
            return Keep(kept, cap) with { Overrides = [], AlertedPercent = 0, WouldRefuse = 0, WouldRefuseAmount = Money.Zero };
        }

        var window = new WindowState { Cap = cap, Start = LedgerWindows.StartOf(cap, clock) };
        var known = KnownSpend(state, cap, window.Start);

        // In a rolling window it counts as spent now: later than it was, so that it never leaves too early.
        return known == Money.Zero ? window : LedgerWindows.Add(window, known, clock, beneficiary: "");
    }

    private static WindowState Keep(WindowState window, WindowCap cap)
    {
        if (window.Cap.Floors.AsSpan().SequenceEqual(cap.Floors.AsSpan()))
        {
            return window with { Cap = cap };
        }

        ImmutableArray<WindowPart> parts = [];
        foreach (var part in window.Parts)
        {
            var beneficiary = CapFloors.PartOf(cap, part.Beneficiary);
            if (beneficiary.Length > 0 || cap.Window == WindowKind.Rolling)
            {
                parts = LedgerWindows.AddPart(parts, part.Bucket, beneficiary, part.Settled);
            }
        }

        return window with { Cap = cap, Parts = parts };
    }

    private static Money KnownSpend(LedgerState state, WindowCap cap, DateTimeOffset start) => cap.Window == WindowKind.Total
        ? state.Settled
        : state.Windows.Where(w => w.Start >= start).Aggregate(Money.Zero, (most, w) => Money.Max(most, w.Settled));

    public static void Write(LedgerState before, LedgerState after, LedgerStep step)
    {
        foreach (var window in before.Windows.Where(old => after.Windows.All(w => w.Cap.Key != old.Cap.Key)))
        {
            foreach (var ended in window.Overrides)
            {
                step.Write(Overriding.Ended(step, window, ended, "its cap was taken away", author: ""));
            }
        }

        step.Write(step.Entry(LedgerEntryKind.CapsReplaced) with { Attempts = after.Windows.Length });
        foreach (var window in after.Windows)
        {
            step.Write(CapEntries.Of(step, LedgerEntryKind.CapSet, window.Cap) with
            {
                At = window.Start,
                Amount = window.Settled,
                Upper = window.Cap.Limit,
            });
            foreach (var floor in window.Cap.Floors)
            {
                step.Write(CapEntries.Of(step, LedgerEntryKind.FloorSet, window.Cap) with
                {
                    Beneficiary = floor.Beneficiary,
                    Amount = floor.Amount,
                });
            }
        }
    }
}
