using Cascade.Budgets;
using Cascade.Simulation.World;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.Auditing;

/// <summary>P1: what was spent, and what can still be spent under leases that are not fenced, is never more than a hard cap.</summary>
internal sealed partial class Auditor
{
    private static readonly TimeSpan Ever = -TimeSpan.FromDays(1);

    private void CheckCaps(AuditedBudget budget)
    {
        foreach (var cap in budget.Caps.Where(c => c.Hard))
        {
            var start = WindowStart(cap);
            if (cap.Window == WindowKind.Hour && !IsInside(start))
            {
                continue;
            }

            var exposed = Exposed(budget, start + InDoubt(cap));
            var allowed = cap.Limit.Nanos + budget.Overrun;
            if (exposed > allowed)
            {
                Violated("P1", $"has {exposed} spent or spendable in its {cap.Window}, above {allowed}", budget.Id);
            }
        }
    }

    /// <summary>The true time at which a window began; long ago for one without a beginning.</summary>
    private TimeSpan WindowStart(WindowCap cap) => cap.Window switch
    {
        WindowKind.Hour => TimeSpan.FromTicks((_world.Epoch + loop.Now).UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour - _world.Epoch.UtcTicks),
        WindowKind.Rolling => loop.Now - cap.Span,
        _ => Ever,
    };

    /// <summary>By how much the beginning of a window is in doubt; that of a rolling one by two clocks, which booked and which asks.</summary>
    private static TimeSpan InDoubt(WindowCap cap) => cap.Window == WindowKind.Rolling ? SimWorld.MostSkew * 2 : SimWorld.MostSkew;

    /// <summary>Near its ends a window is in doubt, because the clocks are.</summary>
    private bool IsInside(TimeSpan start) =>
        loop.Now >= start + SimWorld.MostSkew && loop.Now <= start + TimeSpan.FromHours(1) - SimWorld.MostSkew;

    private long Exposed(AuditedBudget budget, TimeSpan since)
    {
        var spent = new Dictionary<string, (long Before, long Within)>(StringComparer.Ordinal);
        foreach (var attempt in budget.Attempts.Where(a => a.Called))
        {
            var (before, within) = spent.GetValueOrDefault(attempt.LeaseId);
            spent[attempt.LeaseId] = attempt.At < since ? (before + attempt.MostHeld, within) : (before, within + attempt.Bill);
        }

        var sum = 0L;
        foreach (var lease in budget.Record.Leases)
        {
            var (before, within) = spent.GetValueOrDefault(lease.Id);
            var open = _world.Journal.IsSealed(new JournalKey(budget.Id, lease.Id)) ? 0 : lease.GrantedNanos - lease.ReleasedNanos - before;
            sum += Math.Max(open, within);
            spent.Remove(lease.Id);
        }

        return sum + spent.Values.Sum(s => s.Within);
    }

    /// <summary>The same promise by the figures that are stored, in case they flatter themselves.</summary>
    private void CheckRecord(AuditedBudget budget)
    {
        var record = budget.Record;
        var open = record.Leases.Sum(l => Math.Max(0, l.GrantedNanos - l.ReleasedNanos - l.SettledNanos - l.UnconfirmedNanos - l.EndedNanos.Values.Sum()));
        var committed = record.SettledNanos + record.Unconfirmed.Sum(u => u.UpperNanos) + open;
        foreach (var cap in budget.Caps.Where(c => c is { Hard: true, Window: WindowKind.Total }))
        {
            if (committed > cap.Limit.Nanos + record.OverrunNanos)
            {
                Violated("P1", $"has {committed} on its books, above its cap of {cap.Limit.Nanos} and the overrun of {record.OverrunNanos}", budget.Id);
            }
        }

        if (record.OverrunNanos > MostOverrun(budget))
        {
            Violated("P1", $"counts an overrun of {record.OverrunNanos}, but the provider billed only {budget.Overrun} too much", budget.Id);
        }
    }
}
