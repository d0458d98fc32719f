using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>Questions to a ledger that change nothing.</summary>
public static class LedgerQueries
{
    /// <summary>Tells where the account stands.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The instant; windows that are over by then show as started anew.</param>
    /// <returns>The snapshot.</returns>
    public static LedgerSnapshot Snapshot(this LedgerState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var rolled = Rolled(state, now);
        return new LedgerSnapshot
        {
            Windows = [.. rolled.Windows.Select(window => Standing(rolled, window))],
            Settled = rolled.Settled,
            UnconfirmedLower = new Money(rolled.Unconfirmed.Values.Sum(entry => entry.Lower.Nanos)),
            UnconfirmedUpper = new Money(rolled.Unconfirmed.Values.Sum(entry => entry.Upper.Nanos)),
            Leased = LedgerWindows.Open(rolled),
            OpenLeases = rolled.Leases.Count,
            ByModel = rolled.ByModel,
            Requests = rolled.Requests,
            Overrun = rolled.Overrun,
        };
    }

    /// <summary>What the hard caps leave to lease: the least over all hard windows, less the open leases.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The instant.</param>
    /// <returns>The amount, negative after an overrun; null when there is no hard cap.</returns>
    public static Money? Available(this LedgerState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var rolled = Rolled(state, now);
        Money? least = null;
        foreach (var window in rolled.Windows.Where(w => w.Cap.Hard))
        {
            var left = LedgerWindows.Remaining(rolled, window);
            least = least is null ? left : Money.Min(least.Value, left);
        }

        return least - LedgerWindows.Open(rolled);
    }

    /// <summary>The leases whose holders were not heard of in time. Seal the journal of each before closing it.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The instant.</param>
    /// <param name="margin">How long past its expiry a lease is left alone; for clocks that differ.</param>
    /// <returns>The leases, the longest expired first.</returns>
    public static ImmutableArray<Lease> ReclaimableLeases(this LedgerState state, DateTimeOffset now, TimeSpan margin = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        return [.. state.Leases.Values.Where(l => l.ExpiresAt + margin <= now).OrderBy(l => l.ExpiresAt).ThenBy(l => l.Epoch)];
    }

    /// <summary>The open lease of a holder.</summary>
    /// <param name="state">The state.</param>
    /// <param name="holder">The holder.</param>
    /// <param name="beneficiary">On whose behalf it spends; empty for the general pool.</param>
    /// <returns>The lease; null when it has none.</returns>
    public static Lease? LeaseOf(this LedgerState state, string holder, string beneficiary = "")
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach (var (_, lease) in state.Leases)
        {
            if (lease.Holder == holder && lease.Beneficiary == beneficiary)
            {
                return lease;
            }
        }

        return null;
    }

    private static LedgerState Rolled(LedgerState state, DateTimeOffset now) =>
        LedgerWindows.Roll(state, new LedgerStep("", now, LedgerWindows.Clock(state, now)));

    private static WindowStanding Standing(LedgerState state, WindowState window)
    {
        var held = LedgerWindows.Held(state, window);
        return new WindowStanding(
            window.Cap,
            window.Settled,
            held,
            window.Limit - window.Settled - held,
            window.Start,
            LedgerWindows.ResetsAt(state, window))
        {
            Limit = window.Limit,
            Overrides = window.Overrides,
            AlertedPercent = window.AlertedPercent,
            WouldRefuse = window.WouldRefuse,
            WouldRefuseAmount = window.WouldRefuseAmount,
        };
    }
}
