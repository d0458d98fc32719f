using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.State;
using Cascade.Storage.Journal;

namespace Cascade.Grains.Budgets;

/// <summary>
/// Batched durability: a call need not wait for the journal while the lease's exposure covers it. What the exposure covers is never more than
/// the ledger holds when it has to close the lease without its holder, because the exposure was durable first and the money of a call stays
/// reserved until the journal has its end.
/// </summary>
internal sealed partial class Purse
{
    /// <summary>Covers a call of which the journal does not have the latest word yet. False when it must be waited for.</summary>
    public bool TryExpose(LeaseSession session, long nanos)
    {
        lock (_lock)
        {
            if (session.Fenced || nanos > session.Exposure - session.Exposed)
            {
                return false;
            }

            session.Exposed += nanos;
            return true;
        }
    }

    /// <summary>The journal has caught up with a call.</summary>
    public void Unexpose(LeaseSession session, long nanos)
    {
        lock (_lock)
        {
            session.Exposed -= nanos;
        }
    }

    /// <summary>Takes note of the end of a call whose intent the sealed stream does not have, or may not have.</summary>
    /// <param name="session">The lease.</param>
    /// <param name="end">The end.</param>
    /// <param name="isSure">Whether the stream surely does not have it.</param>
    public void Lose(LeaseSession session, JournalEntry end, bool isSure)
    {
        lock (_lock)
        {
            session.HasLost = true;
            session.LostIsUnclear |= !isSure || end.Kind == JournalEntryKind.Unconfirmed;
            session.LostNanos += end.Kind == JournalEntryKind.Settle ? end.UpperNanos : 0;
        }
    }

    /// <summary>
    /// The grain closed the lease without its holder and holds the exposure. The holder lives and all its calls have ended, so it can say what
    /// was really lost: mostly nothing.
    /// </summary>
    private async Task TellLostAsync(LeaseSession session)
    {
        long lost;
        lock (_lock)
        {
            if (session.Exposure == 0 || session.LostIsUnclear)
            {
                return;
            }

            lost = session.LostNanos;
        }

        var attempt = Lease.ExposureAttempt(session.Book.LeaseId);
        var status = await CallAsync(grain => grain.ReconcileAsync(
            new Reconciliation { Operation = new OperationId(attempt), AttemptId = attempt, CostNanos = lost }));
        CheckIsKnown(status);
        PurseLog.LostTold(environment.Logger, budget, session.Book.LeaseId, lost, status);
    }

    /// <summary>Waits, but not for long, for ends on their way to the journal that no caller waits for: under them a lease cannot be given back.</summary>
    private async Task LandAsync()
    {
        var deadline = Time.GetTimestamp() + Ticks(LastCallGrace);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_current is not { PendingWrites: > 0 } && !_draining.Exists(static s => s is { PendingWrites: > 0, Fenced: false }))
                {
                    return;
                }

                changed = _changed.Task;
            }

            var left = Time.GetElapsedTime(Time.GetTimestamp(), deadline);
            if (left <= TimeSpan.Zero || !await changed.EndsWithinAsync(left, Time))
            {
                return;
            }
        }
    }
}
