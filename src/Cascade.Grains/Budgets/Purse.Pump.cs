using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.State;

namespace Cascade.Grains.Budgets;

/// <summary>Serves the waiters of a purse in order, asking the budget grain for more while somebody waits. One pump runs at a time.</summary>
internal sealed partial class Purse
{
    private const int CallTries = 3;

    private async Task PumpAsync()
    {
        while (true)
        {
            try
            {
                LeaseRequest? request;
                lock (_lock)
                {
                    ServeWaiters();
                    ExpireWaiters();
                    if (_waiters.First is not { } first)
                    {
                        _pumping = false;
                        return;
                    }

                    request = RequestFor(first.Value);
                }

                await (request is null ? WaitForChangeAsync(Timeout.InfiniteTimeSpan) : AskAsync(request));
            }
            catch (Exception e)
            {
                PurseLog.PumpFailed(environment.Logger, account, e);
                await WaitForChangeAsync(Options.ReservationRetry);
            }
        }
    }

    private void ServeWaiters()
    {
        while (_waiters.First is { } first)
        {
            var waiter = first.Value;
            if (TryReserve(waiter.AttemptId, waiter.TargetNanos, waiter.TargetNanos < waiter.UpperNanos) is not { } reservation)
            {
                return;
            }

            _waiters.RemoveFirst();
            waiter.TrySetResult(ReserveResult.Of(reservation));
        }
    }

    /// <summary>Waiters whose time is up take what is free, if that is of use to them, or are told to come back.</summary>
    private void ExpireWaiters()
    {
        var now = Time.GetTimestamp();
        for (var node = _waiters.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Deadline <= now)
            {
                _waiters.Remove(node);
                node.Value.TrySetResult(TakeWhatIsFree(node.Value) ?? ReserveResult.Refused(ReserveOutcome.Unavailable));
            }

            node = next;
        }
    }

    private ReserveResult? TakeWhatIsFree(Waiter waiter)
    {
        var free = Math.Min(waiter.UpperNanos, _current?.Book.Free.Nanos ?? 0);
        return free >= waiter.FloorNanos && TryReserve(waiter.AttemptId, free, clamped: free < waiter.UpperNanos) is { } reservation
            ? ReserveResult.Of(reservation)
            : null;
    }

    private LeaseRequest? RequestFor(Waiter waiter)
    {
        var usable = _current is { Fenced: false };
        if ((usable ? _current!.Holder : FreeHolder()) is not { } holder)
        {
            return null;
        }

        var free = usable ? Math.Max(0, _current!.Book.Free.Nanos) : 0;
        var needed = Math.Max(1, waiter.TargetNanos - free);
        return new LeaseRequest
        {
            Operation = new OperationId(environment.Ids.Next()),
            Holder = holder.ToString(),
            NeededNanos = needed,
            WantedNanos = Math.Max(needed, (long)Math.Min(_demandNanos, Money.NanosPerDollar * 1_000_000d)),
            Usage = usable ? _current!.Usage() : null,
        };
    }

    private async Task AskAsync(LeaseRequest request)
    {
        var sent = Time.GetTimestamp();
        var reply = await CallAsync(grain => grain.AcquireAsync(request));
        environment.Instruments.LeaseCalled("acquire", reply.Status);
        TimeSpan pause;
        lock (_lock)
        {
            pause = Apply(request, reply, sent);
        }

        if (pause != TimeSpan.Zero)
        {
            await WaitForChangeAsync(pause);
        }
    }

    /// <returns>How long to wait for a change before asking again; zero to go on at once.</returns>
    private TimeSpan Apply(LeaseRequest request, LeaseReply reply, long sent)
    {
        ShadowPrice = reply.ShadowPrice;
        switch (reply.Status)
        {
            case BudgetStatus.Ok:
                Accept(request, reply, sent);
                return TimeSpan.Zero;
            case BudgetStatus.UnknownAccount:
                RefuseAll(_ => true, ReserveResult.Refused(ReserveOutcome.UnknownAccount));
                return TimeSpan.Zero;
            case BudgetStatus.CapReached:
                return ApplyRefusal(reply.Refusal!);
            case BudgetStatus.UnknownLease or BudgetStatus.StaleEpoch:
                FenceCore(_current!);
                return TimeSpan.Zero;
            case BudgetStatus.HeldByOthers:
                return Options.ReservationRetry;
            default:
                throw new CascadeException($"budget of account '{account}' answered {reply.Status} to a lease request");
        }
    }

    private void Accept(LeaseRequest request, LeaseReply reply, long sent)
    {
        if (_current?.Book.LeaseId != reply.LeaseId)
        {
            if (_current is { } old)
            {
                _draining.Add(old);
            }

            _current = new LeaseSession(account, HolderId.Parse(request.Holder), reply.LeaseId, reply.Epoch);
        }

        _current.Book.SetGranted(new Money(reply.GrantedNanos));
        CountUnder(_current);
        Acknowledge(_current, request.Usage);
        Renew(_current, reply.Lifetime, sent);
    }

    /// <summary>
    /// The caps leave less than the first waiter asked for. While calls of ours are in flight they may give something back, so it waits;
    /// once none is, what remains is all there will be: who cannot live on it is refused, and the first asks for just that.
    /// </summary>
    private TimeSpan ApplyRefusal(BudgetRefusal refusal)
    {
        if (HasReservations())
        {
            return Timeout.InfiniteTimeSpan;
        }

        RefuseAll(
            waiter => waiter.FloorNanos > refusal.RemainingNanos,
            ReserveResult.Refused(ReserveOutcome.CapReached, refusal));
        if (_waiters.First is not { } first)
        {
            return TimeSpan.Zero;
        }

        var waiter = first.Value;
        if (waiter.TargetNanos <= refusal.RemainingNanos)
        {
            // It would fit, but the caps moved between our books and the grain's: ask again with fresh totals.
            return Options.ReservationRetry;
        }

        waiter.TargetNanos = refusal.RemainingNanos;
        return TimeSpan.Zero;
    }

    private bool HasReservations() =>
        (_current?.Book.HasReservations ?? false) || _draining.Exists(s => s is { Fenced: false, Book.HasReservations: true });

    private void RefuseAll(Func<Waiter, bool> which, ReserveResult result)
    {
        for (var node = _waiters.First; node is not null;)
        {
            var next = node.Next;
            if (which(node.Value))
            {
                _waiters.Remove(node);
                var needed = node.Value.FloorNanos;
                node.Value.TrySetResult(result with { Refusal = result.Refusal is { } r ? r with { NeededNanos = needed } : null });
            }

            node = next;
        }
    }

    private void Renew(LeaseSession session, TimeSpan lifetime, long sent) =>
        session.UsableUntil = Math.Max(session.UsableUntil, sent + Ticks(lifetime - Options.LeaseMargin));

    /// <summary>The grain has heard these totals; the lease is clean unless it has moved on meanwhile.</summary>
    private static void Acknowledge(LeaseSession session, LeaseUsage? usage)
    {
        if (usage?.LeaseId == session.Book.LeaseId)
        {
            session.Dirty = session.Book.Settled.Nanos != usage.SettledNanos
                || session.Book.Released.Nanos != usage.ReleasedNanos
                || session.Book.Requests != usage.Requests
                || session.Book.Totals().Unconfirmed.Length != usage.Unconfirmed.Length;
        }
    }

    /// <summary>Waits until a reservation ends, the first deadline comes, or the time is up.</summary>
    private async Task WaitForChangeAsync(TimeSpan atMost)
    {
        Task changed;
        TimeSpan wait;
        lock (_lock)
        {
            changed = _changed.Task;
            var deadline = _waiters.Count == 0 ? long.MaxValue : _waiters.Min(w => w.Deadline);
            var toDeadline = deadline == long.MaxValue ? Options.ReservationWait : Time.GetElapsedTime(Time.GetTimestamp(), deadline);
            wait = atMost == Timeout.InfiniteTimeSpan || toDeadline < atMost ? toDeadline : atMost;
        }

        if (wait <= TimeSpan.Zero)
        {
            return;
        }

        try
        {
            await changed.WaitAsync(wait, Time);
        }
        catch (TimeoutException)
        {
            // The wait is over either way; the pump looks again.
        }
    }

    /// <summary>Calls the grain. A call of unknown outcome is repeated with the same operation id, so it has at most one effect.</summary>
    private async Task<T> CallAsync<T>(Func<ITenantBudgetGrain, Task<T>> call)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await call(environment.Grain(account));
            }
            catch (Exception e) when (e is TimeoutException or OrleansException && tries < CallTries)
            {
                PurseLog.CallRepeated(environment.Logger, account, tries, e);
            }
        }
    }
}
