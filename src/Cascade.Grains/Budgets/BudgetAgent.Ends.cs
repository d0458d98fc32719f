using Cascade.Contracts;
using Cascade.Storage.Journal;

namespace Cascade.Grains.Budgets;

/// <summary>Writes the ends of calls until they are durable, or tells them to the budget when the lease is gone.</summary>
internal sealed partial class BudgetAgent
{
    private Task EndAsync(Hold hold, JournalEntry entry)
    {
        if (hold.Sessions.Length == 1)
        {
            return EndAsync(hold, 0, entry);
        }

        var ends = new Task[hold.Sessions.Length];
        for (var level = 0; level < ends.Length; level++)
        {
            ends[level] = EndAsync(hold, level, entry);
        }

        return Task.WhenAll(ends);
    }

    /// <summary>
    /// Writes the end of a call to one stream. What covered the intent covers the end; else the exposure may have room for it. A covered end
    /// is not waited for.
    /// </summary>
    private Task EndAsync(Hold hold, int level, JournalEntry entry)
    {
        var session = hold.Sessions[level];
        var covered = hold.TryUncover(level) || session.Purse.TryExpose(session, hold.Nanos);
        session.Purse.CountWrite(session, +1);
        var write = TryWriteEndAsync(hold, level, entry, covered);
        return covered ? Task.CompletedTask : write;
    }

    /// <summary>
    /// Writes the end and then books it in memory, in that order: money that memory thinks free but the journal thinks held could be spent
    /// twice in the eyes of a recovery. When the journal is away the caller is let go and the write goes on.
    /// </summary>
    private async Task TryWriteEndAsync(Hold hold, int level, JournalEntry entry, bool covered)
    {
        try
        {
            await WriteEndAsync(hold, level, entry, covered, covered ? AppendHaste.Batched : AppendHaste.Now);
        }
        catch (Exception e)
        {
            PurseLog.WriteRetried(Logger, hold.Sessions[level].Purse.Budget, entry.AttemptId, 1, e);
            _ = KeepWritingAsync(hold, level, entry, covered);
        }
    }

    private async Task KeepWritingAsync(Hold hold, int level, JournalEntry entry, bool covered)
    {
        var pause = FirstRetry;
        for (var tries = 2; ; tries++)
        {
            await Task.Delay(pause, Time);
            pause = pause * 2 > LastRetry ? LastRetry : pause * 2;
            try
            {
                await WriteEndAsync(hold, level, entry, covered, AppendHaste.Now);
                return;
            }
            catch (Exception e)
            {
                PurseLog.WriteRetried(Logger, hold.Sessions[level].Purse.Budget, entry.AttemptId, tries, e);
            }
        }
    }

    private async Task WriteEndAsync(Hold hold, int level, JournalEntry entry, bool covered, AppendHaste haste)
    {
        var session = hold.Sessions[level];
        var status = await environment.Journal.AppendAsync(session.Journal, entry, haste, CancellationToken.None);
        if (status == AppendStatus.Fenced)
        {
            session.Purse.Fence(session);
            await TellAsync(hold, level, entry);
        }

        session.Purse.Book(session, entry);
        if (covered)
        {
            session.Purse.Unexpose(session, hold.Nanos);
        }

        session.Purse.CountWrite(session, -1);
    }

    /// <summary>
    /// The lease's stream is sealed while its call ran. First the lease is closed, in case the grain sealed it but could not book it: only then
    /// does the grain hold what the call can cost, and must no longer hear of the call in the totals of the lease. A call whose intent the
    /// stream does not have is part of the exposure that is held; any other is held by its own name.
    /// </summary>
    private async Task TellAsync(Hold hold, int level, JournalEntry entry)
    {
        var session = hold.Sessions[level];
        var intent = hold.IntentOf(level) is { } write ? await write : new IntentWrite(AppendStatus.Appended, Fault: null);
        var grain = environment.Grain(session.Purse.Budget);
        var reply = await grain.ReportAsync(new UsageReport
        {
            Operation = new OperationId(environment.Ids.Next()),
            Usage = session.Purse.UsageOf(session),
            Close = true,
        });
        session.Purse.CheckIsKnown(reply.Status);
        if (intent.Status == AppendStatus.Fenced)
        {
            session.Purse.Lose(session, entry, isSure: true);
            return;
        }

        var isHeld = await ReconcileAsync(grain, session.Purse, entry);
        if (intent.Status != AppendStatus.Appended && !isHeld)
        {
            session.Purse.Lose(session, entry, isSure: false);
        }
    }

    /// <summary>Tells the grain the end of a call that it holds. It knows nothing of a call whose end was in the stream.</summary>
    /// <returns>Whether the grain held the call and took its end.</returns>
    private async Task<bool> ReconcileAsync(ITenantBudgetGrain grain, Purse purse, JournalEntry entry)
    {
        if (entry.Kind == JournalEntryKind.Unconfirmed)
        {
            return false;
        }

        var status = await grain.ReconcileAsync(new Reconciliation
        {
            Operation = new OperationId(entry.AttemptId),
            AttemptId = entry.AttemptId,
            CostNanos = entry.Kind == JournalEntryKind.Settle ? entry.UpperNanos : 0,
        });
        purse.CheckIsKnown(status);
        PurseLog.LateEnd(Logger, purse.Budget, entry.AttemptId, status);
        return status == BudgetStatus.Ok;
    }
}
