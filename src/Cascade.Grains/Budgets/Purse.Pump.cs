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
            Pause pause;
            try
            {
                pause = await StepAsync();
            }
            catch (Exception e)
            {
                PurseLog.PumpFailed(environment.Logger, budget, e);
                lock (_lock)
                {
                    _asking = false;
                    pause = PauseFor(Options.ReservationRetry);
                }
            }

            if (pause.Done)
            {
                return;
            }

            await WaitAsync(pause);
        }
    }

    /// <summary>Serves who can be served, then does the one thing that helps the waiter whose turn it is.</summary>
    private async Task<Pause> StepAsync()
    {
        Waiter waiter;
        LeaseSession? toRenew = null;
        LeaseRequest? request = null;
        lock (_lock)
        {
            ServeWaiters();
            if (NextWaiter() is not { } next)
            {
                _pumping = false;
                return Pause.End;
            }

            waiter = next;
            if (_current is { Fenced: false } current && current.Book.Free.Nanos >= waiter.TargetNanos)
            {
                // The money is there, but the lease's time is up: it needs news, not money.
                toRenew = current;
            }
            else if ((request = RequestFor(waiter)) is null)
            {
                return PauseFor(Options.ReservationWait);
            }

            _asking = true;
        }

        return toRenew is null ? await AskAsync(waiter, request!) : await RenewAsync(toRenew);
    }

    private void ServeWaiters()
    {
        while (_waiters.First is { } first)
        {
            var waiter = first.Value;
            var nanos = waiter.LastCall ? MostFor(waiter) : waiter.TargetNanos;
            if (TakeCore(waiter.AttemptId, nanos) is not { } session)
            {
                return;
            }

            _waiters.RemoveFirst();
            waiter.TrySetResult(PurseReply.Of(session, nanos));
        }
    }

    /// <summary>The last call asked for the floor, but the grain may have given more.</summary>
    private long MostFor(Waiter waiter) => Math.Clamp(_current?.Book.Free.Nanos ?? 0, waiter.TargetNanos, waiter.UpperNanos);

    /// <summary>
    /// The waiter to ask for: one whose time is up, else the first. One whose time is up takes what is free if that is of use to it, else
    /// gets one last call for the least it can live on, else is told to come back.
    /// </summary>
    private Waiter? NextWaiter()
    {
        var now = Time.GetTimestamp();
        for (var node = _waiters.First; node is not null;)
        {
            var next = node.Next;
            var waiter = node.Value;
            if (waiter.Deadline <= now)
            {
                var taken = TakeWhatIsFree(waiter);
                if (taken is null && !waiter.LastCall)
                {
                    waiter.LastCall = true;
                    waiter.TargetNanos = waiter.FloorNanos;
                    return waiter;
                }

                _waiters.Remove(node);
                waiter.TrySetResult(taken ?? PurseReply.Refused(ReserveOutcome.Unavailable));
            }

            node = next;
        }

        return _waiters.First?.Value;
    }

    private PurseReply? TakeWhatIsFree(Waiter waiter)
    {
        var free = Math.Min(waiter.UpperNanos, _current?.Book.Free.Nanos ?? 0);
        return free >= waiter.FloorNanos && TakeCore(waiter.AttemptId, free) is { } session ? PurseReply.Of(session, free) : null;
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
        var wish = waiter.LastCall ? waiter.UpperNanos - free : (long)Math.Min(_demandNanos, Money.NanosPerDollar * 1_000_000d);
        return new LeaseRequest
        {
            Operation = new OperationId(environment.Ids.Next()),
            Holder = holder.ToString(),
            NeededNanos = needed,
            WantedNanos = Math.Max(needed, wish),
            Usage = usable ? _current!.Usage() : null,
            Beneficiary = beneficiary,
            ExposureNanos = exposure,
        };
    }

    private async Task<Pause> AskAsync(Waiter waiter, LeaseRequest request)
    {
        var sent = Time.GetTimestamp();
        var reply = await CallAsync(grain => grain.AcquireAsync(request));
        environment.Instruments.LeaseCalled("acquire", reply.Status);
        lock (_lock)
        {
            _asking = false;
            return Apply(waiter, request, reply, sent);
        }
    }

    private async Task<Pause> RenewAsync(LeaseSession session)
    {
        UsageReport report;
        lock (_lock)
        {
            report = ReportOf(session, close: false);
        }

        var renewed = await SendAsync(session, report);
        lock (_lock)
        {
            _asking = false;
            return renewed ? Pause.None : PauseFor(Options.ReservationRetry);
        }
    }

    private Pause Apply(Waiter waiter, LeaseRequest request, LeaseReply reply, long sent)
    {
        ShadowPrice = reply.Status == BudgetStatus.UnknownAccount ? ShadowPrice : reply.ShadowPrice;
        if (reply.Status is BudgetStatus.CapReached or BudgetStatus.HeldByOthers && LearnsOfMore(reply))
        {
            return Pause.None;
        }

        switch (reply.Status)
        {
            case BudgetStatus.Ok:
                Accept(request, reply, sent);
                return Pause.None;
            case BudgetStatus.CapReached:
                return ApplyRefusal(waiter, reply.Refusal!);
            case BudgetStatus.HeldByOthers:
            case BudgetStatus.UnknownAccount:
                // This silo knows the account; the one that answered has an older configuration, or a newer one, while the cluster changes it.
                return waiter.LastCall ? Pause.None : PauseFor(Options.ReservationRetry);
            default:
                throw new CascadeException($"budget '{budget}' answered {reply.Status} to a lease request");
        }
    }

    /// <summary>
    /// A refusal says what the lease in use was granted. That is more than known here when the reply that granted it was lost: the money that
    /// is missing is our own.
    /// </summary>
    private bool LearnsOfMore(LeaseReply reply)
    {
        if (_current is not { Fenced: false } current || current.Book.LeaseId != reply.LeaseId)
        {
            return false;
        }

        var known = current.Book.Granted;
        current.Book.SetGranted(new Money(reply.GrantedNanos));
        return current.Book.Granted > known;
    }

    private void Accept(LeaseRequest request, LeaseReply reply, long sent)
    {
        if (_draining.Find(s => s.Book.LeaseId == reply.LeaseId) is { } old)
        {
            // Given up while the grain was asked: it must not come back as a second book of the same money.
            old.Book.SetGranted(new Money(reply.GrantedNanos));
            return;
        }

        if (_current?.Book.LeaseId != reply.LeaseId)
        {
            if (_current is { } replaced)
            {
                _draining.Add(replaced);
            }

            _current = new LeaseSession(this, HolderId.Parse(request.Holder), reply.LeaseId, reply.Epoch) { LastUsed = sent };
        }

        _current.Book.SetGranted(new Money(reply.GrantedNanos));
        _current.Exposure = Math.Min(reply.ExposureNanos, exposure);
        CountUnder(_current);
        Acknowledge(_current, request.Usage);
        Renew(_current, reply.Lifetime, sent);
    }

    /// <summary>
    /// The caps leave less than the waiter asked for. Who cannot live on what is neither spent nor unconfirmed is refused now, because
    /// nothing that comes back can change that. While calls of ours are in flight they may give the rest back; once none is, what remains
    /// is all there will be, and the waiter asks for just that.
    /// </summary>
    private Pause ApplyRefusal(Waiter waiter, BudgetRefusal refusal)
    {
        RefuseAll(
            w => w.FloorNanos > refusal.RemainingNanos,
            PurseReply.Refused(ReserveOutcome.CapReached, refusal));
        if (waiter.Task.IsCompleted || waiter.LastCall)
        {
            return Pause.None;
        }

        if (HasReservations())
        {
            return PauseFor(Options.ReservationWait);
        }

        if (waiter.TargetNanos <= refusal.RemainingNanos)
        {
            // It would fit, but the caps moved between our books and the grain's: ask again with fresh totals.
            return PauseFor(Options.ReservationRetry);
        }

        waiter.TargetNanos = refusal.RemainingNanos;
        return Pause.None;
    }

    private bool HasReservations() =>
        (_current?.Book.HasReservations ?? false) || _draining.Exists(s => s is { Fenced: false, Book.HasReservations: true });

    private void RefuseAll(Func<Waiter, bool> which, PurseReply result)
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

    /// <summary>
    /// Waits until a reservation ends, the first deadline comes, or the time is up. The signal is taken under the lock under which the
    /// wait was decided, so that an end in between is not missed.
    /// </summary>
    private async Task WaitAsync(Pause pause)
    {
        if (pause.AtMost <= TimeSpan.Zero)
        {
            return;
        }

        await pause.Changed.EndsWithinAsync(pause.AtMost, Time);
    }

    private Pause PauseFor(TimeSpan atMost)
    {
        var now = Time.GetTimestamp();
        foreach (var waiter in _waiters)
        {
            var left = Time.GetElapsedTime(now, waiter.Deadline);
            atMost = left < atMost ? left : atMost;
        }

        return new Pause(_changed.Task, atMost, Done: false);
    }

    /// <summary>Calls the grain. A call of unknown outcome is repeated with the same operation id, so it has at most one effect.</summary>
    private async Task<T> CallAsync<T>(Func<ITenantBudgetGrain, Task<T>> call)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await call(environment.Grain(budget));
            }
            catch (Exception e) when (e is TimeoutException or OrleansException && tries < CallTries)
            {
                PurseLog.CallRepeated(environment.Logger, budget, tries, e);
            }
        }
    }

    /// <summary>How the pump goes on.</summary>
    private readonly record struct Pause(Task Changed, TimeSpan AtMost, bool Done)
    {
        public static Pause None => new(Task.CompletedTask, TimeSpan.Zero, Done: false);

        public static Pause End => new(Task.CompletedTask, TimeSpan.Zero, Done: true);
    }
}
