namespace Cascade.Grains.Endpoints;

/// <summary>Who waits for a place: in which order they are let in, who is told at once that it would be too late, and who is turned away.</summary>
internal sealed partial class EndpointGate
{
    private async ValueTask<Admission> WaitAsync(PermitWaiter waiter, CancellationToken cancellationToken)
    {
        AskForMore();
        try
        {
            await waiter.Task.WaitAsync(_options.PermitWait, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Withdraw(waiter, PermitRefusal.TimedOut);
        }
        catch (OperationCanceledException)
        {
            if (!Withdraw(waiter, PermitRefusal.TimedOut))
            {
                waiter.Admission.Permit.ReturnUnused();
            }

            throw;
        }

        return waiter.Admission;
    }

    /// <summary>Takes a waiter out. False when it was let in in the same moment, so that its place must be used or given back.</summary>
    private bool Withdraw(PermitWaiter waiter, PermitRefusal why)
    {
        lock (_lock)
        {
            return Turn(waiter, why, Estimate(waiter.Ask, waiter.Tenant, _time.GetTimestamp()));
        }
    }

    private bool Turn(PermitWaiter waiter, PermitRefusal why, TimeSpan retryAfter)
    {
        QueueOf(waiter.Ask).Remove(waiter);
        ForgetDrainWhenNobodyWaits();
        if (waiter.Task.IsCompleted)
        {
            return false;
        }

        // The grain shares places among those who were said to wait, so it hears of it when they do not.
        _unreported = true;
        waiter.Admission = new Admission(default, why, retryAfter);
        Forget(waiter.Tenant);
        return waiter.TrySetResult(false);
    }

    private Admission Refuse(in PermitAsk ask, long now)
    {
        if (_isOpen && !MayProbe(TokensOf(ask), now))
        {
            (_isWanted, _lastTokens) = (true, TokensOf(ask));
            return new Admission(default, PermitRefusal.CircuitOpen, Bounded(Until(NotBefore, now)));
        }

        if (now + Ticks(_options.PermitWait) < PausedUntil)
        {
            return new Admission(default, PermitRefusal.Paused, Bounded(Until(PausedUntil, now)));
        }

        var tenant = _tenants.GetValueOrDefault(ask.Tenant);
        var waiting = tenant?.Of(ask.IsBatch).Waiting ?? 0;
        if (waiting == 0 && _interactive.Count + _batch.Count == 0)
        {
            return default;
        }

        var wait = Estimate(ask, tenant, now);
        if (waiting >= _options.PermitQueue || _interactive.Count + _batch.Count >= _options.PermitQueueTotal)
        {
            return new Admission(default, PermitRefusal.QueueFull, Bounded(wait));
        }

        return wait > _options.PermitWait ? new Admission(default, PermitRefusal.TooLate, Bounded(wait - _options.PermitWait)) : default;
    }

    /// <summary>
    /// How long a call of a tenant waits that comes now: by how fast those who wait have been let in since somebody waits, and by the tenant's share of that.
    /// Zero while that is not known: calls that nothing held up say how many came, not how many could have, and what is held up by the grain's silence
    /// comes in at once when it speaks again.
    /// </summary>
    private TimeSpan Estimate(in PermitAsk ask, TenantUse? tenant, long now)
    {
        if (IsCutOff(now) || _drain.PerSecond is not (> 0 and var perSecond))
        {
            return TimeSpan.Zero;
        }

        var queue = QueueOf(ask);
        var waiting = tenant?.Of(ask.IsBatch).Waiting ?? 0;
        var share = tenant?.Share ?? ask.Weight;
        var weights = queue.Weights + (waiting == 0 ? share : 0);
        var ahead = Math.Min(_interactive.Count + _batch.Count + 1, (waiting + 1) * Math.Max(1, weights / share));
        return TimeSpan.FromSeconds(Math.Min(3600, ahead / perSecond));
    }

    /// <summary>Whether the grain has not been heard of for so long that those who wait may wait for it.</summary>
    private bool IsCutOff(long now) => now >= _expires || (_asking && _time.GetElapsedTime(_askedAt, now) > Silent);

    private void Admit(long now)
    {
        while (NextQueue() is { } queue && HasRoom(queue.Next!.Ask, now))
        {
            var waiter = queue.Next!;
            queue.TakeNext();
            var tokens = Math.Max(1, waiter.Ask.Tokens);
            _ = waiter.Ask.IsBatch ? _batchServed += tokens : _interactiveServed += tokens / _options.InteractiveWeight;
            waiter.Admission = new Admission(LetIn(waiter.Ask, waiter.Tenant, now), PermitRefusal.None, TimeSpan.Zero);
            _drain.Count();
            waiter.TrySetResult(true);
        }

        ForgetDrainWhenNobodyWaits();
    }

    private void ForgetDrainWhenNobodyWaits()
    {
        if (_interactive.Count + _batch.Count == 0)
        {
            _drain.Reset();
        }
    }

    /// <summary>The class whose turn it is. A class that was idle has saved nothing up.</summary>
    private FairQueue? NextQueue()
    {
        if (_interactive.Count == 0 || _batch.Count == 0)
        {
            _interactiveServed = _batchServed = 0;
            return _interactive.Count > 0 ? _interactive : _batch.Count > 0 ? _batch : null;
        }

        var batchWaitsForReserve = _inFlight >= _granted - (int)(_granted * _options.InteractiveReserve);
        return _interactiveServed <= _batchServed || batchWaitsForReserve ? _interactive : _batch;
    }

    private FairQueue QueueOf(in PermitAsk ask) => QueueOf(ask.IsBatch);

    private FairQueue QueueOf(bool batch) => batch ? _batch : _interactive;
}
