using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>The windows of a ledger: rolling, booking, and what they leave.</summary>
internal static class LedgerWindows
{
    /// <summary>
    /// The ledger's own clock: never before the start of a window it has entered nor before an attempt it holds, so that a clock set
    /// back cannot put spend into a window that is over, nor take a held attempt out of the window it will be booked to.
    /// </summary>
    public static DateTimeOffset Clock(LedgerState state, DateTimeOffset now)
    {
        var clock = now.ToUniversalTime();
        foreach (var window in state.Windows)
        {
            var earliest = window.Cap.Window == WindowKind.Rolling ? RollingWindow.EarliestNow(window.Cap.Span, window.Start) : window.Start;
            clock = earliest > clock ? earliest : clock;
        }

        foreach (var (_, entry) in state.Unconfirmed)
        {
            clock = entry.At > clock ? entry.At : clock;
        }

        return clock;
    }

    public static DateTimeOffset StartOf(WindowCap cap, DateTimeOffset clock) => cap.Window == WindowKind.Rolling
        ? RollingWindow.StartOf(cap.Span, clock)
        : Calendar.StartOf(cap.Window, cap.TimeZone, clock);

    /// <summary>Moves every window to the clock of the step and ends the overrides whose time is over.</summary>
    public static LedgerState Roll(LedgerState state, LedgerStep step)
    {
        ImmutableArray<WindowState>.Builder? rolled = null;
        var ended = false;
        for (var i = 0; i < state.Windows.Length; i++)
        {
            var old = state.Windows[i];
            var window = Overriding.EndExpired(Move(old, step.Clock), step);
            if (!ReferenceEquals(window, old))
            {
                ended |= window.Overrides.Length < old.Overrides.Length;
                rolled ??= state.Windows.ToBuilder();
                rolled[i] = window;
            }
        }

        if (rolled is null)
        {
            return state;
        }

        var next = state with { Windows = rolled.MoveToImmutable() };
        return ended ? Explain(state, next) : Tighten(next);
    }

    /// <summary>Books a cost to the lifetime, to its endpoint, and to every window that the instant falls in.</summary>
    public static LedgerState Book(LedgerState state, Money cost, DateTimeOffset at, string beneficiary)
    {
        if (cost == Money.Zero)
        {
            return state;
        }

        var windows = state.Windows.ToBuilder();
        for (var i = 0; i < windows.Count; i++)
        {
            windows[i] = windows[i].Start <= at ? Add(windows[i], cost, at, beneficiary) : windows[i];
        }

        return state with { Settled = state.Settled + cost, Windows = windows.DrainToImmutable() };
    }

    /// <summary>Adds to a window what was spent at an instant of it.</summary>
    public static WindowState Add(WindowState window, Money cost, DateTimeOffset at, string beneficiary)
    {
        var settled = window.Settled + cost;
        var part = CapFloors.PartOf(window.Cap, beneficiary);
        return window.Cap.Window == WindowKind.Rolling || part.Length > 0
            ? window with { Settled = settled, Parts = AddPart(window.Parts, BucketOf(window.Cap, at), part, cost) }
            : window with { Settled = settled };
    }

    public static ImmutableArray<WindowPart> AddPart(ImmutableArray<WindowPart> parts, long bucket, string beneficiary, Money cost)
    {
        var place = parts.Length;
        while (place > 0 && parts[place - 1].Bucket > bucket)
        {
            place--;
        }

        for (var i = place - 1; i >= 0 && parts[i].Bucket == bucket; i--)
        {
            if (parts[i].Beneficiary == beneficiary)
            {
                return parts.SetItem(i, parts[i] with { Settled = parts[i].Settled + cost });
            }
        }

        return parts.Insert(place, new WindowPart(bucket, beneficiary, cost));
    }

    /// <summary>What the limit leaves when every open lease comes back.</summary>
    public static Money Remaining(LedgerState state, WindowState window) => window.Limit - window.Settled - Held(state, window);

    public static Money Committed(LedgerState state, WindowState window) => window.Settled + Held(state, window) + Open(state);

    public static Money CommittedForLife(LedgerState state)
    {
        var sum = state.Settled + Open(state);
        foreach (var (_, entry) in state.Unconfirmed)
        {
            sum += entry.Upper;
        }

        return sum;
    }

    public static Money Open(LedgerState state)
    {
        var sum = Money.Zero;
        foreach (var (_, lease) in state.Leases)
        {
            sum += lease.Open;
        }

        return sum;
    }

    /// <summary>The upper bounds of the attempts that fall in a window.</summary>
    public static Money Held(LedgerState state, WindowState window)
    {
        var sum = Money.Zero;
        if (state.Unconfirmed.IsEmpty)
        {
            return sum;
        }

        foreach (var (_, entry) in state.Unconfirmed)
        {
            sum += entry.At >= window.Start ? entry.Upper : Money.Zero;
        }

        return sum;
    }

    /// <summary>The excess of a window is never more than what it is over its limit.</summary>
    public static LedgerState Tighten(LedgerState state) => ChangeExcess(state, static (window, over) => Money.Min(window.Excess, over));

    /// <summary>Takes what every window is over its limit for lawful where that limit fell, and tightens the others.</summary>
    public static LedgerState Explain(LedgerState before, LedgerState after)
    {
        var open = Open(after);
        var windows = after.Windows.ToBuilder();
        for (var i = 0; i < windows.Count; i++)
        {
            var over = Over(after, windows[i], open);
            var fell = windows[i].Limit < before.Windows[i].Limit;
            windows[i] = windows[i] with { Excess = fell ? over : Money.Min(windows[i].Excess, over) };
        }

        return after with { Windows = windows.DrainToImmutable() };
    }

    /// <summary>Sets the excess of every window from what it has and from what it is over its limit.</summary>
    public static LedgerState ChangeExcess(LedgerState state, Func<WindowState, Money, Money> change)
    {
        var open = Open(state);
        ImmutableArray<WindowState>.Builder? changed = null;
        for (var i = 0; i < state.Windows.Length; i++)
        {
            var window = state.Windows[i];
            var excess = change(window, Over(state, window, open));
            if (excess != window.Excess)
            {
                changed ??= state.Windows.ToBuilder();
                changed[i] = window with { Excess = excess };
            }
        }

        return changed is null ? state : state with { Windows = changed.MoveToImmutable() };
    }

    /// <summary>When something of the window's spend stops counting; null when that never happens.</summary>
    public static DateTimeOffset? ResetsAt(LedgerState state, WindowState window)
    {
        if (window.Cap.Window != WindowKind.Rolling)
        {
            return Calendar.EndOf(window.Cap.Window, window.Cap.TimeZone, window.Start);
        }

        DateTimeOffset? oldest = window.Parts.IsEmpty ? null : RollingWindow.StartOfBucket(window.Cap.Span, window.Parts[0].Bucket);
        foreach (var (_, entry) in state.Unconfirmed)
        {
            oldest = entry.At >= window.Start && (oldest is null || entry.At < oldest) ? entry.At : oldest;
        }

        return oldest is null ? null : RollingWindow.LeavesAt(window.Cap.Span, oldest.Value);
    }

    private static Money Over(LedgerState state, WindowState window, Money open) =>
        Money.Max(Money.Zero, window.Settled + Held(state, window) + open - window.Limit);

    private static long BucketOf(WindowCap cap, DateTimeOffset at) =>
        cap.Window == WindowKind.Rolling ? RollingWindow.BucketOf(cap.Span, at) : 0;

    private static WindowState Move(WindowState window, DateTimeOffset clock)
    {
        var start = StartOf(window.Cap, clock);
        if (start <= window.Start)
        {
            return window;
        }

        if (window.Cap.Window != WindowKind.Rolling)
        {
            return window with { Start = start, Settled = Money.Zero, Parts = [], AlertedPercent = 0 };
        }

        var first = RollingWindow.BucketOf(window.Cap.Span, start);
        if (window.Parts.IsEmpty || window.Parts[0].Bucket >= first)
        {
            return window with { Start = start };
        }

        var parts = window.Parts.RemoveAll(part => part.Bucket < first);
        return window with { Start = start, Parts = parts, Settled = Sum(parts) };
    }

    private static Money Sum(ImmutableArray<WindowPart> parts)
    {
        var sum = Money.Zero;
        foreach (var part in parts)
        {
            sum += part.Settled;
        }

        return sum;
    }
}
