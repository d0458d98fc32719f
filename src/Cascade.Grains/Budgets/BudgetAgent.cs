using System.Collections.Concurrent;
using Cascade.Contracts;
using Cascade.Grains.Telemetry;
using Cascade.Storage.Journal;
using Microsoft.Extensions.Logging;

namespace Cascade.Grains.Budgets;

/// <summary>
/// A silo's money: reserves from the leases it holds, writes every call to the journal before it starts and after it ended, and reports to
/// the budget grains. Thread-safe.
/// </summary>
internal sealed class BudgetAgent(PurseEnvironment environment)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<AccountId, Purse> _purses = new(new ByPath());

    private TimeProvider Time => environment.Time;

    private CascadeInstruments Instruments => environment.Instruments;

    private ILogger Logger => environment.Logger;

    /// <summary>The account's shadow price as last heard, in quality per dollar; 0 before the first lease.</summary>
    public double ShadowPriceOf(AccountId account) => _purses.TryGetValue(account, out var purse) ? purse.ShadowPrice : 0;

    /// <summary>Counts a request of an account.</summary>
    public void CountRequest(AccountId account) => PurseOf(account).CountRequest();

    /// <summary>Sets money aside for one call.</summary>
    /// <param name="account">Who pays.</param>
    /// <param name="attemptId">The call.</param>
    /// <param name="upperNanos">The most it can cost; 0 for a call that is free.</param>
    /// <param name="floorNanos">The least that is of use when the account cannot pay the most, at most <paramref name="upperNanos"/>.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async ValueTask<ReserveResult> ReserveAsync(
        AccountId account, string attemptId, long upperNanos, long floorNanos, CancellationToken cancellationToken)
    {
        if (upperNanos == 0)
        {
            return ReserveResult.Of(new Hold(account, attemptId, 0, clamped: false, session: null));
        }

        var started = Time.GetTimestamp();
        var result = await PurseOf(account).ReserveAsync(attemptId, upperNanos, floorNanos, cancellationToken);
        Instruments.ReservationEnded(Names.Of(result.Outcome), Time.GetElapsedTime(started));
        return result;
    }

    /// <summary>
    /// Writes the intent of a call. Only when this is true may the call be made; otherwise the hold has been given up.
    /// </summary>
    public async ValueTask<bool> StartAsync(Hold hold, EndpointId endpoint, CancellationToken cancellationToken)
    {
        if (hold.Session is not { } session)
        {
            return true;
        }

        var purse = PurseOf(hold.Account);
        if (!purse.Start(hold))
        {
            purse.Void(hold);
            return false;
        }

        var intent = Entry(JournalEntryKind.Intent, hold) with { Endpoint = endpoint.Value, UpperNanos = hold.Nanos };
        try
        {
            var status = await environment.Journal.AppendAsync(session.Journal, intent, cancellationToken);
            if (status == AppendStatus.Fenced)
            {
                purse.Fence(session);
                purse.Void(hold);
            }

            return status == AppendStatus.Appended;
        }
        catch
        {
            // The intent may be durable, so its end must be too, before the money can be used again. The caller need not wait for that.
            _ = EndAsync(hold, Entry(JournalEntryKind.Void, hold), () => purse.Void(hold));
            throw;
        }
    }

    /// <summary>Books what a call cost. The money beyond it is free again once this is durable.</summary>
    public Task SettleAsync(Hold hold, EndpointId endpoint, long costNanos, TokenUsage usage)
    {
        Instruments.Settled(costNanos);
        if (hold.Session is null)
        {
            return Task.CompletedTask;
        }

        var entry = Entry(JournalEntryKind.Settle, hold) with
        {
            LowerNanos = costNanos,
            UpperNanos = costNanos,
            InputTokens = usage.InputTokens,
            OutputTokens = usage.OutputTokens,
        };
        return EndAsync(hold, entry, () =>
        {
            var excess = PurseOf(hold.Account).Settle(hold, costNanos);
            if (excess > 0)
            {
                Instruments.Overran(excess);
                PurseLog.Overran(Logger, hold.Account, hold.AttemptId, endpoint, excess);
            }
        });
    }

    /// <summary>Gives back the money of a call that was provably not billed.</summary>
    /// <param name="hold">The money set aside.</param>
    /// <param name="started">Whether <see cref="StartAsync"/> was true for it.</param>
    public Task VoidAsync(Hold hold, bool started)
    {
        if (hold.Session is null)
        {
            return Task.CompletedTask;
        }

        var purse = PurseOf(hold.Account);
        if (started)
        {
            return EndAsync(hold, Entry(JournalEntryKind.Void, hold), () => purse.Void(hold));
        }

        purse.Void(hold);
        return Task.CompletedTask;
    }

    /// <summary>Keeps the money of a call held because nobody knows whether it is billed.</summary>
    public Task MarkUnconfirmedAsync(Hold hold, long lowerNanos)
    {
        Instruments.BecameUnconfirmed(hold.Nanos);
        if (hold.Session is null)
        {
            return Task.CompletedTask;
        }

        var entry = Entry(JournalEntryKind.Unconfirmed, hold) with { LowerNanos = lowerNanos, UpperNanos = hold.Nanos };
        return EndAsync(hold, entry, () => PurseOf(hold.Account).MarkUnconfirmed(hold, lowerNanos));
    }

    /// <summary>What a lease held here has spent, for the grain that asks; null when it is not held here.</summary>
    public LeaseUsage? Collect(AccountId account, string leaseId, bool release) =>
        _purses.TryGetValue(account, out var purse) ? purse.Collect(leaseId, release) : null;

    /// <summary>Looks after every purse, each on its own: a budget that does not answer delays no other.</summary>
    /// <param name="giveAllBack">Whether to give back every lease that has nothing in flight.</param>
    /// <returns>When all are done; nobody needs to wait for it.</returns>
    public Task TendAsync(bool giveAllBack) => Task.WhenAll(_purses.Values.Select(p => p.TendAsync(giveAllBack)));

    private Purse PurseOf(AccountId account) =>
        _purses.GetOrAdd(account, static (id, environment) => new Purse(id, environment), environment);

    private JournalEntry Entry(JournalEntryKind kind, Hold hold) => new()
    {
        Kind = kind,
        AttemptId = hold.AttemptId,
        At = Time.GetUtcNow(),
    };

    /// <summary>
    /// Writes the end of a call and then books it in memory, in that order: money that memory thinks free but the journal thinks held
    /// could be spent twice in the eyes of a recovery. When the journal is away the caller is let go and the write goes on.
    /// </summary>
    private async Task EndAsync(Hold hold, JournalEntry entry, Action book)
    {
        var purse = PurseOf(hold.Account);
        purse.CountWrite(hold.Session!, +1);
        try
        {
            await WriteEndAsync(hold, entry, book);
        }
        catch (Exception e)
        {
            PurseLog.WriteRetried(Logger, hold.Account, hold.AttemptId, 1, e);
            _ = KeepWritingAsync(hold, entry, book);
            return;
        }

        purse.CountWrite(hold.Session!, -1);
    }

    private async Task KeepWritingAsync(Hold hold, JournalEntry entry, Action book)
    {
        var pause = FirstRetry;
        for (var tries = 2; ; tries++)
        {
            await Task.Delay(pause, Time);
            pause = pause * 2 > LastRetry ? LastRetry : pause * 2;
            try
            {
                await WriteEndAsync(hold, entry, book);
                PurseOf(hold.Account).CountWrite(hold.Session!, -1);
                return;
            }
            catch (Exception e)
            {
                PurseLog.WriteRetried(Logger, hold.Account, hold.AttemptId, tries, e);
            }
        }
    }

    private async Task WriteEndAsync(Hold hold, JournalEntry entry, Action book)
    {
        var session = hold.Session!;
        var status = await environment.Journal.AppendAsync(session.Journal, entry, CancellationToken.None);
        if (status == AppendStatus.Fenced)
        {
            PurseOf(hold.Account).Fence(session);
            await ReconcileAsync(hold, entry);
        }

        book();
    }

    /// <summary>
    /// The lease's stream is sealed while its call ran. First the lease is closed, in case the grain sealed it but could not book it: only
    /// then does the grain hold the call's upper bound, and can be told the truth. It knows nothing of a call whose end was in the stream.
    /// </summary>
    private async Task ReconcileAsync(Hold hold, JournalEntry entry)
    {
        var session = hold.Session!;
        var grain = environment.Grain(hold.Account);
        await grain.ReportAsync(new UsageReport
        {
            Operation = new OperationId(environment.Ids.Next()),
            Usage = PurseOf(hold.Account).UsageOf(session),
            Close = true,
        });
        if (entry.Kind == JournalEntryKind.Unconfirmed)
        {
            return;
        }

        var status = await grain.ReconcileAsync(new Reconciliation
        {
            Operation = new OperationId(hold.AttemptId),
            AttemptId = hold.AttemptId,
            CostNanos = entry.Kind == JournalEntryKind.Settle ? entry.UpperNanos : 0,
        });
        PurseLog.LateEnd(Logger, hold.Account, hold.AttemptId, status);
    }

    /// <summary>Finds purses in an order that is the same in every process, so that a simulation can repeat it.</summary>
    private sealed class ByPath : IEqualityComparer<AccountId>
    {
        private const uint Start = 2166136261;
        private const uint Prime = 16777619;

        public bool Equals(AccountId x, AccountId y) => string.Equals(x.Value, y.Value, StringComparison.Ordinal);

        public int GetHashCode(AccountId account)
        {
            var hash = Start;
            foreach (var letter in account.Value)
            {
                hash = (hash ^ letter) * Prime;
            }

            return (int)hash;
        }
    }
}
