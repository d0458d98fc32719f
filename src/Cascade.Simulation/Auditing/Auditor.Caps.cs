using Cascade.Budgets;
using Cascade.Simulation.World;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.Auditing;

/// <summary>P1: what was spent, and what can still be spent under leases that are not fenced, is never more than a hard cap.</summary>
internal sealed partial class Auditor
{
    private void CheckCaps(AuditedAccount account)
    {
        foreach (var cap in account.Caps.Where(c => c.Hard))
        {
            var start = WindowStart(cap);
            if (start is { } known && !IsInside(known))
            {
                continue;
            }

            var exposed = Exposed(account, start is { } at ? at + SimWorld.MostSkew : TimeSpan.MinValue);
            var allowed = cap.Limit.Nanos + account.Overrun;
            if (exposed > allowed)
            {
                Violated("P1", $"has {exposed} spent or spendable in its {cap.Window}, above {allowed}", account.Id);
            }
        }
    }

    /// <summary>The true time at which an hour began; null for a window without a beginning.</summary>
    private TimeSpan? WindowStart(WindowCap cap) => cap.Window == WindowKind.Hour
        ? TimeSpan.FromTicks((_world.Epoch + loop.Now).UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour - _world.Epoch.UtcTicks)
        : null;

    /// <summary>Near its ends a window is in doubt, because the clocks are.</summary>
    private bool IsInside(TimeSpan start) =>
        loop.Now >= start + SimWorld.MostSkew && loop.Now <= start + TimeSpan.FromHours(1) - SimWorld.MostSkew;

    private long Exposed(AuditedAccount account, TimeSpan since)
    {
        var spent = new Dictionary<string, (long Before, long Within)>(StringComparer.Ordinal);
        foreach (var attempt in account.Attempts.Where(a => a.Called))
        {
            var (before, within) = spent.GetValueOrDefault(attempt.LeaseId);
            spent[attempt.LeaseId] = attempt.At < since ? (before + attempt.MostHeld, within) : (before, within + attempt.Bill);
        }

        var sum = 0L;
        foreach (var lease in account.Record.Leases)
        {
            var (before, within) = spent.GetValueOrDefault(lease.Id);
            var open = _world.Journal.IsSealed(new JournalKey(account.Id, lease.Id)) ? 0 : lease.GrantedNanos - lease.ReleasedNanos - before;
            sum += Math.Max(open, within);
            spent.Remove(lease.Id);
        }

        return sum + spent.Values.Sum(s => s.Within);
    }

    /// <summary>The same promise by the figures that are stored, in case they flatter themselves.</summary>
    private void CheckRecord(AuditedAccount account)
    {
        var record = account.Record;
        var open = record.Leases.Sum(l => Math.Max(0, l.GrantedNanos - l.ReleasedNanos - l.SettledNanos - l.UnconfirmedNanos - l.EndedNanos.Values.Sum()));
        var committed = record.SettledNanos + record.Unconfirmed.Sum(u => u.UpperNanos) + open;
        foreach (var cap in account.Caps.Where(c => c is { Hard: true, Window: WindowKind.Total }))
        {
            if (committed > cap.Limit.Nanos + record.OverrunNanos)
            {
                Violated("P1", $"has {committed} on its books, above its cap of {cap.Limit.Nanos} and the overrun of {record.OverrunNanos}", account.Id);
            }
        }

        if (record.OverrunNanos > account.Overrun)
        {
            Violated("P1", $"counts an overrun of {record.OverrunNanos}, but the provider billed only {account.Overrun} too much", account.Id);
        }
    }
}
