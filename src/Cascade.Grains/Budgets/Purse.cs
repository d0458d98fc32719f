using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.State;

namespace Cascade.Grains.Budgets;

/// <summary>
/// One account's money in this silo: the lease in use, the ones that run out, and who waits. Reservations are made here without any
/// remote call; only when the lease is used up does the pump (<c>Purse.Pump.cs</c>) ask the grain. Thread-safe.
/// </summary>
internal sealed partial class Purse(AccountId account, PurseEnvironment environment)
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
    private long _demandAt;

    public AccountId Account => account;

    /// <summary>The account's shadow price as last heard, in quality per dollar.</summary>
    public double ShadowPrice { get; private set; }

    private TimeProvider Time => environment.Time;

    private CascadeOptions Options => environment.Options;

    /// <summary>Sets money aside for one call, waiting when it must.</summary>
    public async ValueTask<ReserveResult> ReserveAsync(string attemptId, long upperNanos, long floorNanos, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        LinkedListNode<Waiter> place;
        lock (_lock)
        {
            CountDemand(upperNanos);
            if (_waiters.Count == 0 && TryReserve(attemptId, upperNanos, clamped: false) is { } hold)
            {
                return ReserveResult.Of(hold);
            }

            if (_waiters.Count >= Options.ReservationQueue)
            {
                return ReserveResult.Refused(ReserveOutcome.Unavailable);
            }

            waiter = new Waiter(attemptId, upperNanos, floorNanos, Time.GetTimestamp() + Ticks(Options.ReservationWait));
            place = _waiters.AddLast(waiter);
            if (!_pumping)
            {
                _pumping = true;
                _ = PumpAsync();
            }
        }

        await using var registration = cancellationToken.Register(() => Withdraw(waiter, place, cancellationToken));
        if (!await waiter.Task.EndsWithinAsync(Options.ReservationWait + LastCallGrace, Time))
        {
            // The budget does not answer, so the pump could not end the wait itself.
            Withdraw(waiter, place, default);
        }

        return await waiter.Task;
    }

    /// <summary>Says that the call of a hold is about to be made. False when the lease is gone: the hold must be given up.</summary>
    public bool Start(Hold hold)
    {
        lock (_lock)
        {
            var session = hold.Session!;
            return !session.Fenced && session.Book.Start(hold.AttemptId) == BookStatus.Ok;
        }
    }

    /// <summary>Books the real cost. Called when the journal has it.</summary>
    /// <returns>What the provider billed above the hold, in nano-dollars.</returns>
    public long Settle(Hold hold, long costNanos)
    {
        lock (_lock)
        {
            hold.Session!.Book.Settle(hold.AttemptId, new Money(costNanos));
            Ended(hold.Session);
            return Math.Max(0, costNanos - hold.Nanos);
        }
    }

    /// <summary>Gives a hold back that cost nothing.</summary>
    public void Void(Hold hold)
    {
        lock (_lock)
        {
            hold.Session!.Book.Void(hold.AttemptId);
            Ended(hold.Session);
        }
    }

    /// <summary>Keeps a hold held because nobody knows what the call costs.</summary>
    public void MarkUnconfirmed(Hold hold, long lowerNanos)
    {
        lock (_lock)
        {
            var session = hold.Session!;
            session.Book.MarkUnconfirmed(hold.AttemptId, new Money(lowerNanos));
            Ended(session);
        }
    }

    /// <summary>Counts a request of the account. Without a lease to count it under it is kept for the next one.</summary>
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

    private Hold? TryReserve(string attemptId, long nanos, bool clamped)
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
        return new Hold(account, attemptId, nanos, clamped, session);
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
                waiter.TrySetResult(ReserveResult.Refused(ReserveOutcome.Unavailable));
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
