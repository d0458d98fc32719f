using System.Runtime.ExceptionServices;
using Cascade.Contracts;
using Cascade.Storage.Journal;

namespace Cascade.Grains.Budgets;

/// <summary>Writes the beginning and the end of every call to the stream of each lease that pays for it.</summary>
internal sealed partial class BudgetAgent
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);
    private static readonly Task<IntentWrite> Covered = Task.FromResult(new IntentWrite(AppendStatus.Appended, Fault: null));

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
        var writes = new Task<IntentWrite>[hold.Sessions.Length];
        for (var level = 0; level < writes.Length; level++)
        {
            writes[level] = BeginAsync(hold, level, intent, cancellationToken);
        }

        var ended = await Task.WhenAll(writes);
        if (Array.TrueForAll(ended, static write => write.Status == AppendStatus.Appended))
        {
            return true;
        }

        GiveUp(hold, ended);
        if (Array.Find(ended, static write => write.Fault is not null).Fault is { } fault)
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
            CachedTokens = usage.CachedInputTokens,
            ReasoningTokens = usage.ReasoningTokens,
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

    /// <summary>
    /// Writes an intent to the stream of one level. It counts as durable at once when the lease's exposure covers it: each level goes by its
    /// own durability, so the strictest of them says when the call starts.
    /// </summary>
    private Task<IntentWrite> BeginAsync(Hold hold, int level, JournalEntry intent, CancellationToken cancellationToken)
    {
        var session = hold.Sessions[level];
        if (!session.Purse.TryExpose(session, hold.Nanos))
        {
            return AppendIntentAsync(session, intent, AppendHaste.Now, cancellationToken);
        }

        hold.Cover(level);
        var write = CatchUpAsync(hold, level, AppendIntentAsync(session, intent, AppendHaste.Batched, CancellationToken.None));
        if (write.IsCompleted)
        {
            return write;
        }

        hold.Keep(level, write);
        return Covered;
    }

    /// <summary>An intent that is lost, or of which nobody knows, stays covered until the end of its call is durable or told to the budget.</summary>
    private static async Task<IntentWrite> CatchUpAsync(Hold hold, int level, Task<IntentWrite> write)
    {
        var session = hold.Sessions[level];
        var ended = await write;
        if (ended.Status == AppendStatus.Appended && hold.TryUncover(level))
        {
            session.Purse.Unexpose(session, hold.Nanos);
        }
        else if (ended.Status == AppendStatus.Fenced)
        {
            session.Purse.Fence(session);
        }

        return ended;
    }

    private async Task<IntentWrite> AppendIntentAsync(
        LeaseSession session, JournalEntry intent, AppendHaste haste, CancellationToken cancellationToken)
    {
        try
        {
            return new IntentWrite(await environment.Journal.AppendAsync(session.Journal, intent, haste, cancellationToken), Fault: null);
        }
        catch (Exception fault)
        {
            return new IntentWrite(AppendStatus.None, fault);
        }
    }

    /// <summary>
    /// An intent that is or may be durable needs an end that is durable too, before its money can be used again; the caller need not wait
    /// for that. A fenced one was never written.
    /// </summary>
    private void GiveUp(Hold hold, IntentWrite[] writes)
    {
        var end = Entry(JournalEntryKind.Void, hold);
        for (var level = 0; level < writes.Length; level++)
        {
            var session = hold.Sessions[level];
            if (writes[level].Status == AppendStatus.Fenced)
            {
                session.Purse.Fence(session);
                session.Purse.Void(session, hold.AttemptId);
                if (hold.TryUncover(level))
                {
                    session.Purse.Unexpose(session, hold.Nanos);
                }
            }
            else
            {
                _ = EndAsync(hold, level, end);
            }
        }
    }
}
