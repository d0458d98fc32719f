using Cascade.Budgets;
using Cascade.Grains.State;
using Cascade.Simulation.World;

namespace Cascade.Simulation.Auditing;

/// <summary>Batched durability: what a lease's calls add up to that the journal knows nothing of is within the exposure that is stored with it.</summary>
internal sealed partial class Auditor
{
    private static readonly string ExposurePrefix = Lease.ExposureAttempt("");

    /// <summary>What the calls cost that an attempt stands for which is held: its own, or those that were lost with their lease.</summary>
    public static long BillOf(AuditedBudget budget, string attemptId) => LostUnder(budget, attemptId) is { } lost
        ? lost.Sum(a => a.Bill)
        : budget.Find(attemptId)?.Bill ?? 0;

    private void CheckExposure(AuditedBudget budget, AuditedAttempt called)
    {
        if (called.HasIntent)
        {
            return;
        }

        coverage.Note(Seen.CalledBeforeIntent);
        var exposure = budget.Exposures.GetValueOrDefault(called.LeaseId);
        var unwritten = budget.Attempts.Where(a => a.IsUnwritten && a.LeaseId == called.LeaseId).Sum(a => a.Upper);
        if (unwritten > exposure)
        {
            Violated("P2", $"has calls of {unwritten} under lease {called.LeaseId} that are not in its journal, above the stored exposure of {exposure}", budget.Id);
        }
    }

    /// <summary>The attempts that the exposure of a lease stands for; null for the id of an attempt of its own.</summary>
    private static IReadOnlyList<AuditedAttempt>? LostUnder(AuditedBudget budget, string attemptId)
    {
        if (!attemptId.StartsWith(ExposurePrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var lease = attemptId[ExposurePrefix.Length..];
        return [.. budget.Attempts.Where(a => a.IsUnwritten && a.LeaseId == lease)];
    }

    /// <summary>
    /// The exposures that are held, and those that will be once the leases of silos that are dead or held for dead, and those past their time,
    /// are closed.
    /// </summary>
    private long ExposedAtRest(AuditedBudget budget) =>
        budget.Record.Unconfirmed.Where(u => LostUnder(budget, u.AttemptId) is not null).Sum(u => u.UpperNanos)
        + budget.Record.Leases
            .Where(l => IsLost(l.Holder) || l.ExpiresAt <= _world.Epoch + loop.Now + SimWorld.MostSkew)
            .Sum(l => l.ExposureNanos);

    private bool IsLost(string holder) => _world.SiloOf(holder).Context.IsDead || _world.Membership.IsDead(HolderId.Parse(holder));

    /// <summary>
    /// The most that the stored overrun may be. An exposure that is held beside an overrun can take more than was open, and what it takes too
    /// much is counted there.
    /// </summary>
    private static long MostOverrun(AuditedBudget budget) =>
        budget.Overrun + (budget.Overrun > 0 ? budget.HeldExposures.Values.Sum() : 0);

    private void CheckLost(AuditedBudget budget, IReadOnlyList<AuditedAttempt> lost, string attemptId, long lower, long upper)
    {
        coverage.Note(Seen.ExposureHeld);
        if (lost.Count > 0)
        {
            coverage.Note(Seen.IntentLost);
        }

        var bill = lost.Sum(a => a.Bill);
        if (bill < lower || bill > upper + budget.Overrun)
        {
            Violated("P2", $"holds {attemptId} at {lower} to {upper}, but the calls it stands for are billed {bill}", budget.Id);
        }
    }
}
