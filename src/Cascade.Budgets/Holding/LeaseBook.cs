using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cascade.Budgets;

/// <summary>The money of one lease in its holder's hands: reserve, then settle, void or leave unconfirmed. No network, no clock.</summary>
/// <remarks>
/// Not thread-safe: the owner calls it from one thread at a time. Free + reserved + unconfirmed + settled + released = granted, always.
/// An operation is one provider attempt. Reserving and settling allocate nothing but the growth of tables.
/// </remarks>
public sealed class LeaseBook
{
    /// <summary>How many ended operations are remembered unless told otherwise.</summary>
    public const int DefaultFinishedOperations = 4096;

    private readonly Dictionary<string, BookEntry> _active = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Money> _resolved = new(StringComparer.Ordinal);
    private readonly FinishedOperations _finished;
    private int _reservations;

    /// <summary>Opens the book of a lease that nothing is known to be granted for yet.</summary>
    /// <param name="leaseId">The lease.</param>
    /// <param name="epoch">Its fencing epoch.</param>
    /// <param name="finishedOperations">How many ended operations to remember, at least 1; a later repetition is unknown.</param>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one operation would be remembered.</exception>
    public LeaseBook(string leaseId, long epoch, int finishedOperations = DefaultFinishedOperations)
    {
        ArgumentException.ThrowIfNullOrEmpty(leaseId);
        ArgumentOutOfRangeException.ThrowIfLessThan(finishedOperations, 1);
        LeaseId = leaseId;
        Epoch = epoch;
        _finished = new FinishedOperations(finishedOperations);
    }

    /// <summary>The lease.</summary>
    public string LeaseId { get; }

    /// <summary>Its fencing epoch.</summary>
    public long Epoch { get; }

    /// <summary>Everything granted so far.</summary>
    public Money Granted { get; private set; }

    /// <summary>Everything given back so far.</summary>
    public Money Released { get; private set; }

    /// <summary>Everything settled so far.</summary>
    public Money Settled { get; private set; }

    /// <summary>Reserved for operations that have not ended.</summary>
    public Money Reserved { get; private set; }

    /// <summary>The upper bounds of operations of unknown outcome.</summary>
    public Money Unconfirmed { get; private set; }

    /// <summary>Requests that ended.</summary>
    public long Requests { get; private set; }

    /// <summary>What can be reserved. Negative when operations cost more than was reserved for them.</summary>
    public Money Free => Granted - Released - Settled - Reserved - Unconfirmed;

    /// <summary>Whether an operation is reserved or started; unconfirmed ones do not count.</summary>
    public bool HasReservations => _reservations > 0;

    /// <summary>Takes note of the total granted. A lower total than known is an older message and changes nothing.</summary>
    /// <param name="total">Everything granted under the lease since it was opened.</param>
    public void SetGranted(Money total) => Granted = Money.Max(Granted, total);

    /// <summary>Counts a request that ended.</summary>
    public void CountRequest() => Requests++;

    /// <summary>Reserves the most an operation can cost, or what is free if that is enough to be of use.</summary>
    /// <param name="operationId">Names the operation.</param>
    /// <param name="upper">The most it can cost, at least zero; zero always fits.</param>
    /// <param name="floor">The least that is of use, zero to <paramref name="upper"/>.</param>
    /// <param name="deadline">When the reservation expires, in whatever unit <see cref="Expire"/> is called with.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An amount is out of range.</exception>
    public Reservation Reserve(string operationId, Money upper, Money floor, long deadline = long.MaxValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(operationId);
        ThrowIfOutside(upper, new Money(LedgerLimits.MaxAmountNanos), nameof(upper));
        ThrowIfOutside(floor, upper, nameof(floor));
        if (_finished.TryGet(operationId, out var ended))
        {
            return new Reservation(ReservationStatus.DuplicateOperation, ended.Cost);
        }

        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_active, operationId);
        if (!Unsafe.IsNullRef(ref entry))
        {
            return new Reservation(ReservationStatus.DuplicateOperation, entry.Amount);
        }

        var free = Free;
        var fits = upper == Money.Zero || free >= upper;
        if (!fits && (free <= Money.Zero || free < floor))
        {
            return new Reservation(ReservationStatus.Insufficient, free);
        }

        var amount = fits ? upper : free;
        _active.Add(operationId, new BookEntry { Amount = amount, Deadline = deadline });
        _reservations++;
        Reserved += amount;
        return new Reservation(fits ? ReservationStatus.Reserved : ReservationStatus.Clamped, amount);
    }

    /// <summary>Says that the operation's call is about to be made, after which it can no longer be taken for free of charge.</summary>
    /// <param name="operationId">The operation.</param>
    /// <param name="lower">The least it costs once started, zero to what is reserved; used when it expires.</param>
    /// <returns>The outcome; make the call only on <see cref="BookStatus.Ok"/>.</returns>
    public BookStatus Start(string operationId, Money lower = default)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_active, operationId);
        if (Unsafe.IsNullRef(ref entry))
        {
            return Ended(operationId);
        }

        if (entry.Unconfirmed)
        {
            return BookStatus.AlreadyUnconfirmed;
        }

        ThrowIfOutside(lower, entry.Amount, nameof(lower));
        entry.Started = true;
        entry.Lower = lower;
        return BookStatus.Ok;
    }

    /// <summary>Books the real cost. More than was reserved is booked all the same; less makes the rest free again.</summary>
    /// <param name="operationId">The operation; it may be unconfirmed, then what its upper bound held too much is released.</param>
    /// <param name="cost">The cost, at least zero.</param>
    /// <returns>The outcome.</returns>
    public BookStatus Settle(string operationId, Money cost)
    {
        ThrowIfOutside(cost, new Money(LedgerLimits.MaxAmountNanos), nameof(cost));
        if (!_active.Remove(operationId, out var entry))
        {
            return _finished.TryGet(operationId, out var ended) && ended == (BookStatus.AlreadySettled, cost)
                ? BookStatus.Ok
                : Ended(operationId);
        }

        if (entry.Unconfirmed)
        {
            Unconfirmed -= entry.Amount;
            _resolved[operationId] = cost;

            // The window that held this money may be over, and its ledger may have leased the same money anew.
            Released += Money.Max(Money.Zero, entry.Amount - cost);
        }
        else
        {
            Unreserve(entry.Amount);
        }

        Settled += cost;
        _finished.Add(operationId, BookStatus.AlreadySettled, cost);
        return BookStatus.Ok;
    }

    /// <summary>Frees the reservation of an operation that is provably not billed.</summary>
    /// <param name="operationId">The operation.</param>
    /// <returns>The outcome; <see cref="BookStatus.AlreadyUnconfirmed"/> frees nothing.</returns>
    public BookStatus Void(string operationId)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_active, operationId);
        if (Unsafe.IsNullRef(ref entry))
        {
            var ended = Ended(operationId);
            return ended == BookStatus.AlreadyVoided ? BookStatus.Ok : ended;
        }

        if (entry.Unconfirmed)
        {
            return BookStatus.AlreadyUnconfirmed;
        }

        Unreserve(entry.Amount);
        _active.Remove(operationId);
        _finished.Add(operationId, BookStatus.AlreadyVoided, Money.Zero);
        return BookStatus.Ok;
    }

    /// <summary>Keeps the whole reservation held because nobody knows whether the operation is billed.</summary>
    /// <param name="operationId">The operation.</param>
    /// <param name="lower">The least it can have cost, zero to what is reserved.</param>
    /// <returns>The outcome.</returns>
    public BookStatus MarkUnconfirmed(string operationId, Money lower)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_active, operationId);
        if (Unsafe.IsNullRef(ref entry))
        {
            return Ended(operationId);
        }

        if (entry.Unconfirmed)
        {
            return entry.Lower == lower ? BookStatus.Ok : BookStatus.AlreadyUnconfirmed;
        }

        ThrowIfOutside(lower, entry.Amount, nameof(lower));
        entry.Lower = lower;
        entry.Unconfirmed = true;
        Unreserve(entry.Amount);
        Unconfirmed += entry.Amount;
        return BookStatus.Ok;
    }

    /// <summary>Ends the reservations whose deadline passed: those never started are voided, the others become unconfirmed.</summary>
    /// <param name="now">The instant, in the unit of the deadlines; a deadline equal to it has passed.</param>
    /// <returns>What expired, for the owner to write down.</returns>
    public ImmutableArray<ExpiredReservation> Expire(long now)
    {
        if (_reservations == 0)
        {
            return [];
        }

        var expired = _active
            .Where(pair => !pair.Value.Unconfirmed && pair.Value.Deadline <= now)
            .Select(pair => pair.Value.Started
                ? new ExpiredReservation(pair.Key, true, pair.Value.Lower, pair.Value.Amount)
                : new ExpiredReservation(pair.Key, false, Money.Zero, Money.Zero))
            .ToImmutableArray();
        foreach (var reservation in expired)
        {
            _ = reservation.Started
                ? MarkUnconfirmed(reservation.OperationId, reservation.Lower)
                : Void(reservation.OperationId);
        }

        return expired;
    }

    /// <summary>Gives back what is free beyond an amount.</summary>
    /// <param name="keep">What to keep free, at least zero.</param>
    /// <returns>What was given back; the owner reports it with the next totals.</returns>
    public Money ReleaseIdle(Money keep)
    {
        ThrowIfOutside(keep, new Money(LedgerLimits.MaxTotalNanos), nameof(keep));
        var idle = Money.Max(Money.Zero, Free - keep);
        Released += idle;
        return idle;
    }

    /// <summary>The totals to report.</summary>
    /// <returns>The totals with every unconfirmed operation and every resolved one that was not acknowledged.</returns>
    public LeaseTotals Totals() => new()
    {
        LeaseId = LeaseId,
        Epoch = Epoch,
        Settled = Settled,
        Released = Released,
        Requests = Requests,
        Unconfirmed = [.. _active.Where(p => p.Value.Unconfirmed).Select(p => new UnconfirmedCost(p.Key, p.Value.Lower, p.Value.Amount))],
        Resolved = [.. _resolved.Select(p => new ResolvedCost(p.Key, p.Value))],
    };

    /// <summary>Stops naming the resolved operations of totals that the ledger has taken.</summary>
    /// <param name="totals">The totals that were answered with <see cref="LedgerStatus.Ok"/>.</param>
    public void Acknowledge(LeaseTotals totals)
    {
        ArgumentNullException.ThrowIfNull(totals);
        foreach (var resolved in totals.Resolved)
        {
            _resolved.Remove(resolved.AttemptId);
        }
    }

    private BookStatus Ended(string operationId) =>
        _finished.TryGet(operationId, out var ended) ? ended.Outcome : BookStatus.UnknownOperation;

    private void Unreserve(Money amount)
    {
        Reserved -= amount;
        _reservations--;
    }

    private static void ThrowIfOutside(Money amount, Money most, string name)
    {
        if (amount < Money.Zero || amount > most)
        {
            throw new ArgumentOutOfRangeException(name, amount, $"use zero to {most}");
        }
    }
}
