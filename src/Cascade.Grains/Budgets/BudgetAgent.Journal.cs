using System.Runtime.ExceptionServices;
using Cascade.Contracts;
using Cascade.Storage.Journal;

namespace Cascade.Grains.Budgets;

/// <summary>Writes the beginning and the end of every call to the stream of each lease that pays for it.</summary>
internal sealed partial class BudgetAgent
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Writes the intent of a call. Only when this is true may the call be made; otherwise the hold has been given up in every budget.
    /// </summary>
    public async ValueTask<bool> StartAsync(Hold hold, EndpointId endpoint, CancellationToken cancellationToken)
    {
        if (hold.Sessions.IsEmpty)
        {
            return true;
        }

        if (!TryStart(hold, endpoint))
        {
            GiveBack(hold.Sessions, hold.AttemptId);
            return false;
        }

        var intent = Entry(JournalEntryKind.Intent, hold) with { Endpoint = endpoint.Value, UpperNanos = hold.Nanos };
        var appends = new Task<Append>[hold.Sessions.Length];
        for (var level = 0; level < appends.Length; level++)
        {
            appends[level] = AppendIntentAsync(hold.Sessions[level], intent, cancellationToken);
        }

        var results = await Task.WhenAll(appends);
        if (Array.TrueForAll(results, static append => append.Status == AppendStatus.Appended))
        {
            return true;
        }

        GiveUp(hold, results);
        if (Array.Find(results, static append => append.Fault is not null).Fault is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        return false;
    }

    /// <summary>Books what a call cost. The money beyond it is free again once this is durable.</summary>
    public Task SettleAsync(Hold hold, EndpointId endpoint, long costNanos, TokenUsage usage)
    {
        Instruments.Settled(costNanos);
        if (hold.Sessions.IsEmpty)
        {
            return Task.CompletedTask;
        }

        if (costNanos > hold.Nanos)
        {
            Instruments.Overran(costNanos - hold.Nanos);
            PurseLog.Overran(Logger, hold.Account, hold.AttemptId, endpoint, costNanos - hold.Nanos);
        }

        var entry = Entry(JournalEntryKind.Settle, hold) with
        {
            LowerNanos = costNanos,
            UpperNanos = costNanos,
            InputTokens = usage.InputTokens,
            OutputTokens = usage.OutputTokens,
        };
        return EndAsync(hold, entry);
    }

    /// <summary>Gives back the money of a call that was provably not billed.</summary>
    /// <param name="hold">The money set aside.</param>
    /// <param name="started">Whether <see cref="StartAsync"/> was true for it.</param>
    public Task VoidAsync(Hold hold, bool started)
    {
        if (started)
        {
            return EndAsync(hold, Entry(JournalEntryKind.Void, hold));
        }

        GiveBack(hold.Sessions, hold.AttemptId);
        return Task.CompletedTask;
    }

    /// <summary>Keeps the money of a call held because nobody knows whether it is billed.</summary>
    public Task MarkUnconfirmedAsync(Hold hold, long lowerNanos)
    {
        Instruments.BecameUnconfirmed(hold.Nanos);
        return EndAsync(hold, Entry(JournalEntryKind.Unconfirmed, hold) with { LowerNanos = lowerNanos, UpperNanos = hold.Nanos });
    }

    private JournalEntry Entry(JournalEntryKind kind, Hold hold) => new()
    {
        Kind = kind,
        AttemptId = hold.AttemptId,
        At = Time.GetUtcNow(),
    };

    private static bool TryStart(Hold hold, EndpointId endpoint)
    {
        foreach (var session in hold.Sessions)
        {
            if (!session.Purse.Start(session, hold.AttemptId, endpoint.Value))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<Append> AppendIntentAsync(LeaseSession session, JournalEntry intent, CancellationToken cancellationToken)
    {
        try
        {
            return new Append(await environment.Journal.AppendAsync(session.Journal, intent, cancellationToken), Fault: null);
        }
        catch (Exception fault)
        {
            return new Append(AppendStatus.None, fault);
        }
    }

    /// <summary>
    /// An intent that is or may be durable needs an end that is durable too, before its money can be used again; the caller need not wait
    /// for that. A fenced one was never written.
    /// </summary>
    private void GiveUp(Hold hold, Append[] results)
    {
        var end = Entry(JournalEntryKind.Void, hold);
        for (var level = 0; level < results.Length; level++)
        {
            var session = hold.Sessions[level];
            if (results[level].Status == AppendStatus.Fenced)
            {
                session.Purse.Fence(session);
                session.Purse.Void(session, hold.AttemptId);
            }
            else
            {
                _ = EndAsync(session, end);
            }
        }
    }

    private Task EndAsync(Hold hold, JournalEntry entry)
    {
        if (hold.Sessions.Length == 1)
        {
            return EndAsync(hold.Sessions[0], entry);
        }

        var ends = new Task[hold.Sessions.Length];
        for (var level = 0; level < ends.Length; level++)
        {
            ends[level] = EndAsync(hold.Sessions[level], entry);
        }

        return Task.WhenAll(ends);
    }

    /// <summary>
    /// Writes the end of a call and then books it in memory, in that order: money that memory thinks free but the journal thinks held
    /// could be spent twice in the eyes of a recovery. When the journal is away the caller is let go and the write goes on.
    /// </summary>
    private async Task EndAsync(LeaseSession session, JournalEntry entry)
    {
        session.Purse.CountWrite(session, +1);
        try
        {
            await WriteEndAsync(session, entry);
        }
        catch (Exception e)
        {
            PurseLog.WriteRetried(Logger, session.Purse.Budget, entry.AttemptId, 1, e);
            _ = KeepWritingAsync(session, entry);
            return;
        }

        session.Purse.CountWrite(session, -1);
    }

    private async Task KeepWritingAsync(LeaseSession session, JournalEntry entry)
    {
        var pause = FirstRetry;
        for (var tries = 2; ; tries++)
        {
            await Task.Delay(pause, Time);
            pause = pause * 2 > LastRetry ? LastRetry : pause * 2;
            try
            {
                await WriteEndAsync(session, entry);
                session.Purse.CountWrite(session, -1);
                return;
            }
            catch (Exception e)
            {
                PurseLog.WriteRetried(Logger, session.Purse.Budget, entry.AttemptId, tries, e);
            }
        }
    }

    private async Task WriteEndAsync(LeaseSession session, JournalEntry entry)
    {
        var status = await environment.Journal.AppendAsync(session.Journal, entry, CancellationToken.None);
        if (status == AppendStatus.Fenced)
        {
            session.Purse.Fence(session);
            await ReconcileAsync(session, entry);
        }

        session.Purse.Book(session, entry);
    }

    /// <summary>
    /// The lease's stream is sealed while its call ran. First the lease is closed, in case the grain sealed it but could not book it: only
    /// then does the grain hold the call's upper bound, and can be told the truth. It knows nothing of a call whose end was in the stream.
    /// </summary>
    private async Task ReconcileAsync(LeaseSession session, JournalEntry entry)
    {
        var grain = environment.Grain(session.Purse.Budget);
        await grain.ReportAsync(new UsageReport
        {
            Operation = new OperationId(environment.Ids.Next()),
            Usage = session.Purse.UsageOf(session),
            Close = true,
        });
        if (entry.Kind == JournalEntryKind.Unconfirmed)
        {
            return;
        }

        var status = await grain.ReconcileAsync(new Reconciliation
        {
            Operation = new OperationId(entry.AttemptId),
            AttemptId = entry.AttemptId,
            CostNanos = entry.Kind == JournalEntryKind.Settle ? entry.UpperNanos : 0,
        });
        PurseLog.LateEnd(Logger, session.Purse.Budget, entry.AttemptId, status);
    }

    /// <summary>How the write of an intent ended; its outcome is unknown after a fault.</summary>
    private readonly record struct Append(AppendStatus Status, Exception? Fault);
}
