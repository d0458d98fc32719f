using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cascade.Budgets;

/// <summary>The money of one lease in its holder's hands: reserve, then settle, void or leave unconfirmed. No network, no clock.</summary>
/// <remarks>
/// Not thread-safe: the owner calls it from one thread at a time. Free + reserved + unconfirmed + settled + released = granted, always.
/// An operation is one provider attempt. Once as many operations have ended as are remembered, reserving and settling allocate nothing.
/// </remarks>
public sealed class LeaseBook
{
    /// <summary>How many ended operations are remembered unless told otherwise.</summary>
    public const int DefaultFinishedOperations = 4096;

    private readonly Dictionary<string, BookEntry> _operations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResolvedCost> _resolved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModelCounter> _models = new(StringComparer.Ordinal);
    private readonly EndedOperations _ended;
    private int _reservations;
    private int _unconfirmed;

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
        _ended = new EndedOperations(finishedOperations);
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
        var free = Free;
        var fits = upper == Money.Zero || free >= upper;
        if (!fits && (free <= Money.Zero || free < floor))
        {
            return _operations.TryGetValue(operationId, out var known)
                ? new Reservation(ReservationStatus.DuplicateOperation, known.Amount)
                : new Reservation(ReservationStatus.Insufficient, free);
        }

        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_operations, operationId, out var exists);
        if (exists)
        {
            return new Reservation(ReservationStatus.DuplicateOperation, entry.Amount);
        }

        var amount = fits ? upper : free;
        entry = new BookEntry { Amount = amount, Deadline = deadline, Endpoint = "", Stage = BookStage.Reserved };
        _reservations++;
        Reserved += amount;
        return new Reservation(fits ? ReservationStatus.Reserved : ReservationStatus.Clamped, amount);
    }

    /// <summary>Lowers what is reserved for an operation that has not started; the rest is free again.</summary>
    /// <param name="operationId">The operation.</param>
    /// <param name="newAmount">What to keep reserved, zero to what is.</param>
    /// <returns>The outcome.</returns>
    public BookStatus Trim(string operationId, Money newAmount)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_operations, operationId);
        if (Unsafe.IsNullRef(ref entry))
        {
            return BookStatus.UnknownOperation;
        }

        if (entry.Stage != BookStage.Reserved)
        {
            return entry.Stage == BookStage.Started ? BookStatus.AlreadyStarted : Ended(entry);
        }

        ThrowIfOutside(newAmount, entry.Amount, nameof(newAmount));
        Reserved -= entry.Amount - newAmount;
        entry.Amount = newAmount;
        return BookStatus.Ok;
    }

    /// <summary>Says that the operation's call is about to be made, after which it can no longer be taken for free of charge.</summary>
    /// <param name="operationId">The operation.</param>
    /// <param name="lower">The least it costs once started, zero to what is reserved; used when it expires.</param>
    /// <param name="endpoint">Where the call is made; empty when that is not known.</param>
    /// <returns>The outcome; make the call only on <see cref="BookStatus.Ok"/>.</returns>
    public BookStatus Start(string operationId, Money lower = default, string endpoint = "")
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_operations, operationId);
        if (Unsafe.IsNullRef(ref entry))
        {
            return BookStatus.UnknownOperation;
        }

        if (!entry.IsReservation)
        {
            return Ended(entry);
        }

        ThrowIfOutside(lower, entry.Amount, nameof(lower));
        entry.Stage = BookStage.Started;
        entry.Lower = lower;
        entry.Endpoint = endpoint.Length > 0 ? endpoint : entry.Endpoint;
        return BookStatus.Ok;
    }

    /// <summary>Books the real cost. More than was reserved is booked all the same; less makes the rest free again.</summary>
    /// <param name="operationId">The operation; it may be unconfirmed, then what its upper bound held too much is released.</param>
    /// <param name="cost">The cost, at least zero.</param>
    /// <returns>The outcome.</returns>
    public BookStatus Settle(string operationId, Money cost) => Settle(operationId, cost, "", default);

    /// <summary>Books the real cost and where it went.</summary>
    /// <param name="operationId">The operation; it may be unconfirmed, then what its upper bound held too much is released.</param>
    /// <param name="cost">The cost, at least zero.</param>
    /// <param name="endpoint">Where the call was made; empty for where it was started.</param>
    /// <param name="tokens">What the provider billed for.</param>
    /// <returns>The outcome.</returns>
    public BookStatus Settle(string operationId, Money cost, string endpoint, TokenCounts tokens)
    {
        ThrowIfOutside(cost, new Money(LedgerLimits.MaxAmountNanos), nameof(cost));
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_operations, operationId);
        if (Unsafe.IsNullRef(ref entry))
        {
            return BookStatus.UnknownOperation;
        }

        if (entry.IsEnded)
        {
            return entry.Stage == BookStage.Settled && entry.Amount == cost ? BookStatus.Ok : Ended(entry);
        }

        var where = endpoint.Length > 0 ? endpoint : entry.Endpoint;
        if (entry.Stage == BookStage.Unconfirmed)
        {
            Unhold(entry.Amount);
            _resolved[operationId] = new ResolvedCost(operationId, cost) { Endpoint = where };

            // The window that held this money may be over, and its ledger may have leased the same money anew.
            Released += Money.Max(Money.Zero, entry.Amount - cost);
        }
        else
        {
            Unreserve(entry.Amount);
        }

        Settled += cost;
        Count(where, cost, tokens);
        End(operationId, ref entry, BookStage.Settled, cost);
        return BookStatus.Ok;
    }

    /// <summary>Frees the reservation of an operation that is provably not billed.</summary>
    /// <param name="operationId">The operation.</param>
    /// <returns>The outcome; <see cref="BookStatus.AlreadyUnconfirmed"/> frees nothing.</returns>
    public BookStatus Void(string operationId)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_operations, operationId);
        if (Unsafe.IsNullRef(ref entry))
        {
            return BookStatus.UnknownOperation;
        }

        if (!entry.IsReservation)
        {
            return entry.Stage == BookStage.Voided ? BookStatus.Ok : Ended(entry);
        }

        Unreserve(entry.Amount);
        End(operationId, ref entry, BookStage.Voided, Money.Zero);
        return BookStatus.Ok;
    }

    /// <summary>Keeps the whole reservation held because nobody knows whether the operation is billed.</summary>
    /// <param name="operationId">The operation.</param>
    /// <param name="lower">The least it can have cost, zero to what is reserved.</param>
    /// <returns>The outcome.</returns>
    public BookStatus MarkUnconfirmed(string operationId, Money lower)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_operations, operationId);
        if (Unsafe.IsNullRef(ref entry))
        {
            return BookStatus.UnknownOperation;
        }

        if (!entry.IsReservation)
        {
            return entry.Stage == BookStage.Unconfirmed && entry.Lower == lower ? BookStatus.Ok : Ended(entry);
        }

        ThrowIfOutside(lower, entry.Amount, nameof(lower));
        entry.Lower = lower;
        entry.Stage = BookStage.Unconfirmed;
        Unreserve(entry.Amount);
        Unconfirmed += entry.Amount;
        _unconfirmed++;
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

        var expired = _operations
            .Where(pair => pair.Value.IsReservation && pair.Value.Deadline <= now)
            .Select(pair => pair.Value.Stage == BookStage.Started
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
        Unconfirmed = _unconfirmed == 0 ? [] : UnconfirmedCosts(),
        Resolved = [.. _resolved.Values],
        ByModel =
        [
            .. _models.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => new ModelUsage
            {
                Endpoint = m.Key,
                Settled = m.Value.Settled,
                Attempts = m.Value.Attempts,
                Tokens = m.Value.Tokens,
            }),
        ],
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

    private static BookStatus Ended(in BookEntry entry) => entry.Stage switch
    {
        BookStage.Settled => BookStatus.AlreadySettled,
        BookStage.Voided => BookStatus.AlreadyVoided,
        _ => BookStatus.AlreadyUnconfirmed,
    };

    private ImmutableArray<UnconfirmedCost> UnconfirmedCosts() =>
    [
        .. _operations.Where(p => p.Value.Stage == BookStage.Unconfirmed)
            .Select(p => new UnconfirmedCost(p.Key, p.Value.Lower, p.Value.Amount) { Endpoint = p.Value.Endpoint }),
    ];

    private void Count(string endpoint, Money cost, TokenCounts tokens)
    {
        if (_models.Count >= LedgerLimits.MaxModels - 1 && !_models.ContainsKey(endpoint))
        {
            endpoint = "";
        }

        ref var counter = ref CollectionsMarshal.GetValueRefOrAddDefault(_models, endpoint, out _);
        counter.Settled += cost;
        counter.Attempts++;
        counter.Tokens += tokens;
    }

    /// <summary>The entry is not valid any more afterwards: forgetting the oldest operation may move it.</summary>
    private void End(string operationId, ref BookEntry entry, BookStage stage, Money amount)
    {
        entry.Stage = stage;
        entry.Amount = amount;
        if (_ended.Add(operationId) is { } forgotten)
        {
            _operations.Remove(forgotten);
        }
    }

    private void Unreserve(Money amount)
    {
        Reserved -= amount;
        _reservations--;
    }

    private void Unhold(Money amount)
    {
        Unconfirmed -= amount;
        _unconfirmed--;
    }

    private static void ThrowIfOutside(Money amount, Money most, string name)
    {
        if (amount < Money.Zero || amount > most)
        {
            throw new ArgumentOutOfRangeException(name, amount, $"use zero to {most}");
        }
    }
}
