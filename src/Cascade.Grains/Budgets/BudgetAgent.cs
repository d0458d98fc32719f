using System.Collections.Concurrent;
using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Identity;
using Cascade.Grains.Telemetry;
using Cascade.Storage.Journal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cascade.Grains.Budgets;

/// <summary>
/// A silo's money: reserves from the leases it holds, writes every call to the journal before it starts and after it ended, and reports to
/// the budget grains. Thread-safe.
/// </summary>
internal sealed class BudgetAgent(
    IGrainFactory grains,
    ILocalSiloDetails silo,
    IUsageJournal journal,
    TimeProvider time,
    IIdSource ids,
    IOptions<CascadeOptions> options,
    CascadeInstruments instruments,
    ILogger<BudgetAgent> logger)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<AccountId, Purse> _purses = new();
    private readonly PurseEnvironment _environment = new()
    {
        Silo = silo.SiloAddress,
        Time = time,
        Options = options.Value,
        Ids = ids,
        Instruments = instruments,
        Logger = logger,
        Grain = account => grains.GetGrain<ITenantBudgetGrain>(account.Value),
    };

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
            return ReserveResult.Of(new Reservation(account, attemptId, 0, clamped: false, session: null));
        }

        var started = time.GetTimestamp();
        var result = await PurseOf(account).ReserveAsync(attemptId, upperNanos, floorNanos, cancellationToken);
        instruments.ReservationEnded(Names.Of(result.Outcome), time.GetElapsedTime(started));
        return result;
    }

    /// <summary>
    /// Writes the intent of a call. Only when this is true may the call be made; otherwise the reservation has been given up.
    /// </summary>
    public async ValueTask<bool> StartAsync(Reservation reservation, EndpointId endpoint, CancellationToken cancellationToken)
    {
        if (reservation.Session is not { } session)
        {
            return true;
        }

        var purse = PurseOf(reservation.Account);
        if (!purse.Start(reservation))
        {
            purse.Void(reservation);
            return false;
        }

        var intent = Entry(JournalEntryKind.Intent, reservation) with { Endpoint = endpoint.Value, UpperNanos = reservation.Nanos };
        try
        {
            var status = await journal.AppendAsync(session.Journal, intent, cancellationToken);
            if (status == AppendStatus.Fenced)
            {
                purse.Fence(session);
                purse.Void(reservation);
            }

            return status == AppendStatus.Appended;
        }
        catch
        {
            // The intent may be durable, so its end must be too, before the money can be used again.
            await EndAsync(reservation, Entry(JournalEntryKind.Void, reservation), () => purse.Void(reservation));
            throw;
        }
    }

    /// <summary>Books what a call cost. The money beyond it is free again once this is durable.</summary>
    public Task SettleAsync(Reservation reservation, EndpointId endpoint, long costNanos, TokenUsage usage)
    {
        instruments.Settled(costNanos);
        if (reservation.Session is null)
        {
            return Task.CompletedTask;
        }

        var entry = Entry(JournalEntryKind.Settle, reservation) with
        {
            LowerNanos = costNanos,
            UpperNanos = costNanos,
            InputTokens = usage.InputTokens,
            OutputTokens = usage.OutputTokens,
        };
        return EndAsync(reservation, entry, () =>
        {
            var excess = PurseOf(reservation.Account).Settle(reservation, costNanos);
            if (excess > 0)
            {
                instruments.Overran(excess);
                PurseLog.Overran(logger, reservation.Account, reservation.AttemptId, endpoint, excess);
            }
        });
    }

    /// <summary>Gives back the money of a call that was provably not billed.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="started">Whether <see cref="StartAsync"/> was true for it.</param>
    public Task VoidAsync(Reservation reservation, bool started)
    {
        if (reservation.Session is null)
        {
            return Task.CompletedTask;
        }

        var purse = PurseOf(reservation.Account);
        if (started)
        {
            return EndAsync(reservation, Entry(JournalEntryKind.Void, reservation), () => purse.Void(reservation));
        }

        purse.Void(reservation);
        return Task.CompletedTask;
    }

    /// <summary>Keeps the money of a call held because nobody knows whether it is billed.</summary>
    public Task MarkUnconfirmedAsync(Reservation reservation, long lowerNanos)
    {
        instruments.BecameUnconfirmed(reservation.Nanos);
        if (reservation.Session is null)
        {
            return Task.CompletedTask;
        }

        var entry = Entry(JournalEntryKind.Unconfirmed, reservation) with { LowerNanos = lowerNanos, UpperNanos = reservation.Nanos };
        return EndAsync(reservation, entry, () => PurseOf(reservation.Account).MarkUnconfirmed(reservation, lowerNanos));
    }

    /// <summary>What a lease held here has spent, for the grain that asks; null when it is not held here.</summary>
    public LeaseUsage? Collect(AccountId account, string leaseId, bool release) =>
        _purses.TryGetValue(account, out var purse) ? purse.Collect(leaseId, release) : null;

    /// <summary>Looks after every purse.</summary>
    /// <param name="giveAllBack">Whether to give back every lease that has nothing in flight.</param>
    public Task TendAsync(bool giveAllBack) => Task.WhenAll(_purses.Values.Select(p => p.TendAsync(giveAllBack)));

    private Purse PurseOf(AccountId account) =>
        _purses.GetOrAdd(account, static (id, environment) => new Purse(id, environment), _environment);

    private JournalEntry Entry(JournalEntryKind kind, Reservation reservation) => new()
    {
        Kind = kind,
        AttemptId = reservation.AttemptId,
        At = time.GetUtcNow(),
    };

    /// <summary>
    /// Writes the end of a call and then books it in memory, in that order: money that memory thinks free but the journal thinks held
    /// could be spent twice in the eyes of a recovery. When the journal is away the caller is let go and the write goes on.
    /// </summary>
    private async Task EndAsync(Reservation reservation, JournalEntry entry, Action book)
    {
        var purse = PurseOf(reservation.Account);
        purse.CountWrite(reservation.Session!, +1);
        try
        {
            await WriteEndAsync(reservation, entry, book);
        }
        catch (Exception e)
        {
            PurseLog.WriteRetried(logger, reservation.Account, reservation.AttemptId, 1, e);
            _ = KeepWritingAsync(reservation, entry, book);
            return;
        }

        purse.CountWrite(reservation.Session!, -1);
    }

    private async Task KeepWritingAsync(Reservation reservation, JournalEntry entry, Action book)
    {
        var pause = FirstRetry;
        for (var tries = 2; ; tries++)
        {
            await Task.Delay(pause, time);
            pause = pause * 2 > LastRetry ? LastRetry : pause * 2;
            try
            {
                await WriteEndAsync(reservation, entry, book);
                PurseOf(reservation.Account).CountWrite(reservation.Session!, -1);
                return;
            }
            catch (Exception e)
            {
                PurseLog.WriteRetried(logger, reservation.Account, reservation.AttemptId, tries, e);
            }
        }
    }

    private async Task WriteEndAsync(Reservation reservation, JournalEntry entry, Action book)
    {
        var session = reservation.Session!;
        var status = await journal.AppendAsync(session.Journal, entry, CancellationToken.None);
        if (status == AppendStatus.Fenced)
        {
            PurseOf(reservation.Account).Fence(session);
            await ReconcileAsync(reservation, entry);
        }

        book();
    }

    /// <summary>The lease was reclaimed while its call ran, and the grain holds the call's upper bound: tell it the truth, if it is known.</summary>
    private async Task ReconcileAsync(Reservation reservation, JournalEntry entry)
    {
        if (entry.Kind == JournalEntryKind.Unconfirmed)
        {
            return;
        }

        var status = await _environment.Grain(reservation.Account).ReconcileAsync(new Reconciliation
        {
            Operation = new OperationId(reservation.AttemptId),
            AttemptId = reservation.AttemptId,
            CostNanos = entry.Kind == JournalEntryKind.Settle ? entry.UpperNanos : 0,
        });
        if (status != BudgetStatus.Ok)
        {
            PurseLog.ReconcileRefused(logger, reservation.Account, reservation.AttemptId, status);
        }
    }
}
