using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.State;
using Cascade.Storage.Journal;

namespace Cascade.Grains.Budgets;

/// <summary>
/// One budget's money in this silo, or what of it one beneficiary spends: the lease in use, the ones that run out, and who waits. Reservations are made here without any
/// remote call; only when the lease is used up does the pump (<c>Purse.Pump.cs</c>) ask the grain. Thread-safe.
/// </summary>
internal sealed partial class Purse(
    BudgetKey budget, PurseEnvironment environment, string beneficiary = "", double startPrice = 0, long exposure = 0)
{
    private const int Slots = 4;
    private static readonly TimeSpan LastCallGrace = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private readonly List<LeaseSession> _draining = [];
    private LeaseSession? _current;
    private TaskCompletionSource _changed = NewSignal();
    private bool _pumping;
    private bool _asking;
    private int _uncounted;
    private double _demandNanos;
    private long _demandAt = environment.Time.GetTimestamp();

    public BudgetKey Budget => budget;

    /// <summary>On whose behalf the money is spent; empty for the general pool.</summary>
    public string Beneficiary => beneficiary;

    /// <summary>The most that calls of one lease may add up to of which the journal does not have the latest word, in nano-dollars; 0 is strict.</summary>
    public long Exposure => exposure;

    /// <summary>The budget's shadow price as last heard, in quality per dollar.</summary>
    public double ShadowPrice { get; private set; } = startPrice;

    private TimeProvider Time => environment.Time;

    private CascadeOptions Options => environment.Options;

    /// <summary>Sets money aside for one call if that takes no waiting.</summary>
    /// <returns>The lease that pays; null when the call has to wait for one.</returns>
    public LeaseSession? TryReserve(string attemptId, long nanos)
    {
        lock (_lock)
        {
            if (_waiters.Count > 0 || TakeCore(attemptId, nanos) is not { } session)
            {
                return null;
            }

            CountDemand(nanos);
            return session;
        }
    }

    /// <summary>Sets money aside for one call, waiting when it must.</summary>
    /// <param name="attemptId">The call.</param>
    /// <param name="upperNanos">The most it can cost.</param>
    /// <param name="floorNanos">The least that is of use.</param>
    /// <param name="deadline">The timestamp until which it waits.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The lease that pays or why none does; no outcome when the purse is retired and another one must be asked.</returns>
    public async ValueTask<PurseReply> ReserveAsync(
        string attemptId, long upperNanos, long floorNanos, long deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        LinkedListNode<Waiter> place;
        lock (_lock)
        {
            if (IsRetired)
            {
                return default;
            }

            CountDemand(upperNanos);
            if (_waiters.Count == 0 && TakeCore(attemptId, upperNanos) is { } session)
            {
                return PurseReply.Of(session, upperNanos);
            }

            if (_waiters.Count >= Options.ReservationQueue)
            {
                return PurseReply.Refused(ReserveOutcome.Unavailable);
            }

            waiter = new Waiter(attemptId, upperNanos, floorNanos, deadline);
            place = _waiters.AddLast(waiter);
            if (!_pumping)
            {
                _pumping = true;
                _ = PumpAsync();
            }
        }

        await using var registration = cancellationToken.Register(() => Withdraw(waiter, place, cancellationToken));
        var left = Time.GetElapsedTime(Time.GetTimestamp(), deadline);
        if (!await waiter.Task.EndsWithinAsync((left > TimeSpan.Zero ? left : TimeSpan.Zero) + LastCallGrace, Time))
        {
            // The budget does not answer, so the pump could not end the wait itself.
            Withdraw(waiter, place, default);
        }

        return await waiter.Task;
    }

    /// <summary>Says that a call is about to be made. False when the lease is gone: its reservation must be given up.</summary>
    public bool Start(LeaseSession session, string attemptId, string endpoint = "")
    {
        lock (_lock)
        {
            return !session.Fenced && session.Book.Start(attemptId, endpoint: endpoint) == BookStatus.Ok;
        }
    }

    /// <summary>Lowers a reservation whose call has not started, because another budget that pays for it has less.</summary>
    public void Trim(LeaseSession session, string attemptId, long nanos)
    {
        lock (_lock)
        {
            session.Book.Trim(attemptId, new Money(nanos));
            Ended(session);
        }
    }

    /// <summary>Books the end of a call. Called when the journal has it.</summary>
    public void Book(LeaseSession session, JournalEntry end)
    {
        switch (end.Kind)
        {
            case JournalEntryKind.Settle:
                Settle(
                    session,
                    end.AttemptId,
                    end.UpperNanos,
                    new TokenCounts(end.InputTokens, end.OutputTokens, end.CachedTokens, end.ReasoningTokens));
                break;
            case JournalEntryKind.Void:
                Void(session, end.AttemptId);
                break;
            case JournalEntryKind.Unconfirmed:
                MarkUnconfirmed(session, end.AttemptId, end.LowerNanos);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(end), end.Kind, "not the end of a call");
        }
    }

    /// <summary>Books the real cost. Called when the journal has it.</summary>
    public void Settle(LeaseSession session, string attemptId, long costNanos, TokenCounts tokens = default)
    {
        lock (_lock)
        {
            session.Book.Settle(attemptId, new Money(costNanos), endpoint: "", tokens);
            Ended(session);
        }
    }

    /// <summary>Gives a reservation back that cost nothing.</summary>
    public void Void(LeaseSession session, string attemptId)
    {
        lock (_lock)
        {
            session.Book.Void(attemptId);
            Ended(session);
        }
    }

    /// <summary>Keeps a reservation held because nobody knows what the call costs.</summary>
    public void MarkUnconfirmed(LeaseSession session, string attemptId, long lowerNanos)
    {
        lock (_lock)
        {
            session.Book.MarkUnconfirmed(attemptId, new Money(lowerNanos));
            Ended(session);
        }
    }

    /// <summary>Counts a request of the budget. Without a lease to count it under it is kept for the next one.</summary>
    public void CountRequest()
    {
        lock (_lock)
        {
            _uncounted++;
            CountUnder(_current ?? _draining.Find(s => !s.Fenced && !s.Closing));
        }
    }

    /// <summary>Counts journal writes in flight, so that a lease is not given back under them.</summary>
    public void CountWrite(LeaseSession session, int change)
    {
        lock (_lock)
        {
            session.PendingWrites += change;
            if (session is { PendingWrites: 0, Exposure: > 0 })
            {
                Signal();
            }
        }
    }

    /// <summary>The journal refused: the lease has been reclaimed.</summary>
    public void Fence(LeaseSession session)
    {
        lock (_lock)
        {
            FenceCore(session);
            Signal();
        }
    }

    /// <summary>What a lease has spent by now.</summary>
    public LeaseUsage UsageOf(LeaseSession session)
    {
        lock (_lock)
        {
            return session.Usage();
        }
    }

    /// <summary>Answers the grain that asks what a lease has spent, giving back what lies idle when asked to.</summary>
    /// <returns>The totals, or null when the lease is not held here.</returns>
    public LeaseUsage? Collect(string leaseId, bool release)
    {
        lock (_lock)
        {
            var session = _current?.Book.LeaseId == leaseId ? _current : _draining.Find(s => s.Book.LeaseId == leaseId);
            if (session is null)
            {
                return null;
            }

            if (release)
            {
                session.Book.ReleaseIdle(Money.Zero);
            }

            session.Dirty = true;
            return session.Usage();
        }
    }

    private void CountUnder(LeaseSession? session)
    {
        if (session is null)
        {
            return;
        }

        for (; _uncounted > 0; _uncounted--)
        {
            session.Book.CountRequest();
            session.Dirty = true;
        }
    }

    private void FenceCore(LeaseSession session)
    {
        session.Fenced = true;
        if (_current == session)
        {
            _current = null;
            _draining.Add(session);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LeaseSession? TakeCore(string attemptId, long nanos)
    {
        if (_current is not { Fenced: false } session || Time.GetTimestamp() >= session.UsableUntil)
        {
            return null;
        }

        var amount = new Money(nanos);
        if (session.Book.Reserve(attemptId, amount, amount).Status != ReservationStatus.Reserved)
        {
            return null;
        }

        session.LastUsed = Time.GetTimestamp();
        session.Reservations++;
        Rotate(session);
        return session;
    }

    /// <summary>Exchanges a lease whose journal stream has grown long, when a slot is free for the next one.</summary>
    private void Rotate(LeaseSession session)
    {
        if (!_asking && session.Reservations >= Options.LeaseReservations && FreeHolder(besides: session) is not null)
        {
            session.Book.ReleaseIdle(Money.Zero);
            _draining.Add(session);
            _current = null;
        }
    }

    /// <summary>A holder id under which this silo has no lease; null while every slot is running out.</summary>
    private HolderId? FreeHolder(LeaseSession? besides = null)
    {
        for (var slot = 0; slot < Slots; slot++)
        {
            var holder = new HolderId(environment.Silo, slot);
            if (besides?.Holder != holder && !_draining.Exists(s => s.Holder == holder))
            {
                return holder;
            }
        }

        return null;
    }

    private void Ended(LeaseSession session)
    {
        session.LastUsed = Time.GetTimestamp();
        session.Dirty = true;
        Signal();
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.TrySetResult();
    }

    /// <summary>Takes a waiter out, as cancelled or else as refused; does nothing to one that has its answer.</summary>
    private void Withdraw(Waiter waiter, LinkedListNode<Waiter> place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (place.List is null)
            {
                return;
            }

            _waiters.Remove(place);
            if (cancellationToken.IsCancellationRequested)
            {
                waiter.TrySetCanceled(cancellationToken);
            }
            else
            {
                waiter.TrySetResult(PurseReply.Refused(ReserveOutcome.Unavailable));
            }

            Signal();
        }
    }

    /// <summary>Keeps a decaying sum of what was asked for lately: the size of the next lease.</summary>
    private void CountDemand(long nanos)
    {
        var now = Time.GetTimestamp();
        var elapsed = Time.GetElapsedTime(_demandAt, now);
        _demandNanos = (_demandNanos * Math.Exp(-(elapsed / Options.LeaseDemand))) + nanos;
        _demandAt = now;
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * Time.TimestampFrequency);
}
