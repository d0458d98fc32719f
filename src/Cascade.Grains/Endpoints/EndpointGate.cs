using Cascade.Contracts;
using Cascade.Grains.Hosting;

namespace Cascade.Grains.Endpoints;

/// <summary>A silo's slice of one endpoint: who is in, who waits, when to ask for more. Thread-safe.</summary>
internal sealed class EndpointGate(
    EndpointId endpoint,
    Func<EndpointId, int, int, EndpointUsage, CancellationToken, Task<CapacityReply>> request,
    TimeProvider time,
    CascadeOptions options,
    Action<int> inFlightChanged)
{
    private readonly Lock _lock = new();
    private readonly TenantQueue _queue = new();
    private int _granted;
    private int _inFlight;
    private int _peak;
    private long _expires;
    private bool _asking;
    private bool _saturated;
    private bool _unreported;
    private EndpointUsage _usage = new();

    public EndpointId Endpoint => endpoint;

    /// <summary>Waits to come in.</summary>
    /// <returns>False when too many wait or the wait took too long.</returns>
    public async ValueTask<bool> EnterAsync(AccountId account, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<bool> waiter;
        LinkedListNode<TaskCompletionSource<bool>> place;
        lock (_lock)
        {
            if (_queue.Count == 0 && HasRoom())
            {
                CountIn();
                return true;
            }

            if (_queue.CountOf(account) >= options.PermitQueue)
            {
                return false;
            }

            waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            place = _queue.Add(account, waiter);
        }

        AskForMore();
        try
        {
            return await waiter.Task.WaitAsync(options.PermitWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return !Withdraw(account, waiter, place);
        }
        catch (OperationCanceledException)
        {
            if (!Withdraw(account, waiter, place))
            {
                LeaveUnused();
            }

            throw;
        }
    }

    public void Leave(bool failed, TokenUsage tokens, long costNanos)
    {
        lock (_lock)
        {
            _usage += new EndpointUsage { Calls = 1, Failures = failed ? 1 : 0, Tokens = tokens, CostNanos = costNanos };
        }

        LeaveUnused();
    }

    public void LeaveUnused()
    {
        lock (_lock)
        {
            _inFlight--;
            _unreported = true;

            // Before the next one is let in, or the gauge would show more in flight than there ever was.
            inFlightChanged(-1);
            Admit();
        }

        AskForMore();
    }

    /// <summary>Renews the slice while it is in use, lets it go when it is not.</summary>
    public async Task TendAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_asking || (_granted == 0 && _queue.Count == 0 && !_unreported))
            {
                return;
            }

            _asking = true;
        }

        await AskAsync(cancellationToken);
    }

    /// <summary>Takes a waiter out. False when it was let in in the same moment, so that its place must be used or given back.</summary>
    private bool Withdraw(AccountId account, TaskCompletionSource<bool> waiter, LinkedListNode<TaskCompletionSource<bool>> place)
    {
        lock (_lock)
        {
            _queue.Remove(account, place);
            return waiter.TrySetResult(false);
        }
    }

    private bool HasRoom() => _inFlight < _granted && time.GetTimestamp() < _expires;

    private void CountIn()
    {
        _inFlight++;
        _peak = Math.Max(_peak, _inFlight);
        inFlightChanged(1);
    }

    private void Admit()
    {
        while (_queue.Count > 0 && HasRoom() && _queue.TryTake(out var waiter))
        {
            if (waiter.TrySetResult(true))
            {
                CountIn();
            }
        }
    }

    /// <summary>Asks at once when somebody waits, unless the last answer was less than asked: then only the regular renewal asks again.</summary>
    private void AskForMore()
    {
        lock (_lock)
        {
            if (_asking || _queue.Count == 0 || HasRoom() || (_saturated && time.GetTimestamp() < _expires))
            {
                return;
            }

            _asking = true;
        }

        _ = AskInBackgroundAsync();
    }

    private async Task AskInBackgroundAsync()
    {
        try
        {
            await AskAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or CascadeException)
        {
            // The waiters keep waiting; the regular renewal asks again and reports the fault.
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        var sent = time.GetTimestamp();
        int wanted;
        int limit;
        EndpointUsage usage;
        lock (_lock)
        {
            var demand = Math.Max(_peak, _inFlight) + _queue.Count;
            wanted = demand == 0 ? 0 : demand + (demand / 2) + 1;
            _peak = _inFlight;

            // What is reported bounds what may be let in until the reply comes, or the grain would give away places that fill up meanwhile.
            _granted = Math.Min(_granted, wanted);
            limit = Math.Max(_inFlight, _granted);
            usage = _usage;
            _unreported = false;
        }

        try
        {
            var reply = await request(endpoint, wanted, limit, usage, cancellationToken);
            lock (_lock)
            {
                _granted = reply.GrantedInFlight;
                _saturated = _granted < wanted;
                _expires = sent + (long)(reply.Lifetime.TotalSeconds * time.TimestampFrequency);
                Admit();
            }
        }
        catch
        {
            lock (_lock)
            {
                _unreported = true;
            }

            throw;
        }
        finally
        {
            lock (_lock)
            {
                _asking = false;
            }
        }

        AskForMore();
    }
}
