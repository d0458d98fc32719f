using System.Collections.Immutable;
using Cascade.Contracts;

namespace Cascade.Grains.Endpoints;

internal sealed partial class EndpointGate
{
    /// <summary>Tenants that are told apart to the grain; the rest share as one.</summary>
    private const int MostTenants = 256;

    // Enough failures to act on, few enough that an endpoint that dies under load is out within a moment.
    private const int UrgentFailures = 3;

    // A grain that answers at all answers sooner; longer than this it is being moved, or its store is away.
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(1);

    private bool _asking;
    private long _askedAt;
    private bool _saturated;
    private bool _unreported;
    private bool _isWanted;
    private bool _urgent;
    private long _askAfter;
    private long _lastTokens;
    private long _sequence;
    private long _entered;
    private int _failuresUnsaid;

    /// <summary>Renews the slice while it is in use, lets it go when it is not.</summary>
    public async Task TendAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var news = _unreported || _allowances.HasNews(_time.GetTimestamp());
            if (_asking || (_granted == 0 && _interactive.Count + _batch.Count == 0 && !news))
            {
                return;
            }

            _asking = true;
        }

        await AskAsync(cancellationToken);
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            Admit(_time.GetTimestamp());
        }

        AskForMore();
    }

    /// <summary>Whether a silo with steady traffic should ask before it has nothing left.</summary>
    private bool IsLow(long now) => _hasRates && !_isOpen && now >= _askAfter && now >= PausedUntil && _allowances.RequestsLeft(now) < Forecast() / 4;

    private double Forecast() => _entries.PerSecond * _options.RateInterval.TotalSeconds;

    /// <summary>
    /// Asks at once when somebody waits. When the last answer was fewer calls in flight than asked, only the regular renewal asks again; when it
    /// was a lower rate, it is asked for again when the grain said so.
    /// </summary>
    private void AskForMore(bool urgent = false)
    {
        lock (_lock)
        {
            _urgent |= urgent;
            var now = _time.GetTimestamp();
            if (_asking || !(_urgent || NeedsMore(now)))
            {
                if (now < PausedUntil && _interactive.Count + _batch.Count > 0)
                {
                    Rearm(now);
                }

                return;
            }

            if (!_urgent && now < (_isOpen ? NotBefore : _askAfter))
            {
                Rearm(now);
                return;
            }

            (_asking, _urgent) = (true, false);
        }

        _ = AskInBackgroundAsync();
    }

    private bool NeedsMore(long now)
    {
        var next = NextQueue()?.Next;
        if (_isOpen)
        {
            return next is null ? _isWanted && !HasProbe(_lastTokens, now) : !HasRoom(next.Ask, now);
        }

        if (next is null)
        {
            return IsLow(now);
        }

        if (now < PausedUntil)
        {
            return false;
        }

        if (now >= _expires)
        {
            return true;
        }

        return _inFlight >= _granted ? !_saturated : _hasRates && !_allowances.CanTake(TokensOf(next.Ask), now);
    }

    private void Rearm(long now)
    {
        var wait = Until(NotBefore, now);
        _timer.Change(wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait, Timeout.InfiniteTimeSpan);
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
        long sent;
        CapacityRequest message;
        var told = new List<(RateAllowance Allowance, int Version)>();
        lock (_lock)
        {
            sent = _askedAt = _time.GetTimestamp();
            message = Message(sent, told);
            _unreported = false;
            _failuresUnsaid = 0;
        }

        try
        {
            var reply = await _request(message, cancellationToken);
            lock (_lock)
            {
                Apply(reply, message, sent);
                _allowances.Confirm(told);
            }
        }
        catch
        {
            lock (_lock)
            {
                _unreported = true;
                _drain.Reset();
                GiveUpProbing();
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

    private CapacityRequest Message(long now, List<(RateAllowance Allowance, int Version)> told)
    {
        var waiting = _interactive.Count + _batch.Count;
        var demand = Math.Max(_peak, _inFlight) + waiting;
        if (demand == 0 && _isOpen && _isWanted)
        {
            demand = 1;
        }

        var wanted = demand == 0 ? 0 : demand + (demand / 2) + 1;
        _peak = _inFlight;

        // What is reported bounds what may be let in until the reply comes, or the grain would give away places that fill up meanwhile.
        _granted = Math.Min(_granted, wanted);
        var next = NextQueue()?.Next;
        var least = next is null ? _lastTokens : TokensOf(next.Ask);
        var blocked = next is not null && !_allowances.CanTake(least, now);
        var requests = WantedRequests(waiting, now);

        // Said once: what another silo hears later is newer, and a loss costs no more than a moment.
        var limits = _limits;
        _limits = null;
        return new CapacityRequest
        {
            Holder = _holder,
            WantedInFlight = wanted,
            InFlight = Math.Max(_inFlight, _granted),
            Usage = _totals.Usage,
            Sequence = ++_sequence,
            Demands = Demands(),
            RateUses = _hasRates ? _allowances.News(blocked, now, told) : [],
            WantedRequests = requests,
            WantedTokens = _endpoint.Capacity.TokensPerMinute is null ? 0 : Math.Max(least, WaitingTokens(requests, least)),
            LeastTokens = least,
            Signals = _totals.Signals,
            PausedFor = Until(_askedUntil, now),
            RequestsLeft = Left(limits?.Requests, now),
            TokensLeft = Left(limits?.Tokens, now),
            OutstandingTokens = Outstanding,
            EjectedFor = Until(_ejectedUntil, now),
            LimitsAge = limits is null ? TimeSpan.Zero : Until(now, _saidAt),
        };
    }

    /// <summary>What could be started soon: no more than waits or is to be expected, and no more than there are places for.</summary>
    private long WantedRequests(int waiting, long now)
    {
        if (!_hasRates || (waiting == 0 && !IsLow(now)))
        {
            return _isOpen && _isWanted ? 1 : 0;
        }

        var expected = (long)Math.Ceiling(Forecast());
        var places = Math.Max(0, _granted - _inFlight) + expected + 1;
        return Math.Min(Math.Max(waiting, expected), places);
    }

    private long WaitingTokens(long requests, long least)
    {
        const int Looked = 64;
        var (tokens, count) = (0L, 0);
        foreach (var waiter in _interactive.All.Concat(_batch.All).Take(Looked))
        {
            (tokens, count) = (tokens + TokensOf(waiter.Ask), count + 1);
        }

        return count == 0 ? least * requests : (long)(tokens / (double)count * requests);
    }

    private ImmutableArray<TenantDemand> Demands()
    {
        var busy = _tenants.Values.Where(static t => t.Calls > 0).ToList();
        if (busy.Count > MostTenants)
        {
            busy.Sort(static (a, b) => b.Calls.CompareTo(a.Calls));
        }

        var named = busy.Take(MostTenants).Select(static t => new TenantDemand { Tenant = t.Name, Weight = t.Weight, Calls = t.Calls });
        var rest = busy.Skip(MostTenants).ToList();
        return rest.Count == 0
            ? [.. named]
            : [.. named, new TenantDemand { Tenant = "", Weight = rest.Sum(static t => t.Weight), Calls = rest.Sum(static t => t.Calls) }];
    }

    private void Apply(CapacityReply reply, CapacityRequest message, long sent)
    {
        var now = _time.GetTimestamp();
        if (IsCutOff(now))
        {
            _drain.Reset();
        }

        _granted = reply.GrantedInFlight;

        // The grain keeps free for this silo what it said it may have in flight, until it says less; with nothing in flight nobody else would say so.
        _unreported |= _granted < message.InFlight;
        _saturated = _granted < message.WantedInFlight;
        _expires = sent + Ticks(reply.Lifetime);
        _askAfter = reply.AskAgainIn > TimeSpan.Zero ? now + Ticks(reply.AskAgainIn) : 0;
        var entered = _entered;
        CongestionPrice = reply.CongestionPrice;
        foreach (var tenant in _tenants.Values)
        {
            tenant.LocalWeight = 0;
        }

        foreach (var share in reply.Shares)
        {
            if (_tenants.TryGetValue(share.Tenant, out var tenant))
            {
                tenant.LocalWeight = share.Weight;
            }
        }

        if (reply.Rate is { } rate)
        {
            _allowances.Add(new RateAllowance(rate, sent + Ticks(rate.Lifetime)));
        }

        ApplyCircuit(reply, now);
        ApplyPause(reply, message, sent, now);
        Admit(now);
        var isFull = _inFlight >= _granted && now < _expires;
        if (_entered == entered && !isFull && now >= _askAfter && NeedsMore(now))
        {
            // The answer helped nobody, and the next one would not either if it were asked for at once.
            _askAfter = now + Ticks(_options.RateInterval / 10);
        }
    }

    private void ApplyCircuit(CapacityReply reply, long now)
    {
        var wasOpen = _isOpen;
        _isOpen = reply.Circuit == EndpointCircuit.Open;
        if (!_isOpen)
        {
            // A probe has found it well for everybody, which is newer than what this silo has against it.
            _ejectedUntil = wasOpen ? 0 : _ejectedUntil;
            (_probes, _isWanted) = (0, false);
            return;
        }

        _probes = reply.Probes > 0 ? reply.Probes : _probes;
        _isWanted &= _probes == 0;
        Admit(now);
        TurnAllAway(now);
    }

    /// <summary>Nobody waits for an endpoint that is out because of a grain that cannot be reached.</summary>
    private void GiveUpProbing()
    {
        if (_isOpen)
        {
            var now = _time.GetTimestamp();
            _askAfter = Math.Max(_askAfter, now + Ticks(Silent));
            TurnAllAway(now);
        }
    }

    private void TurnAllAway(long now)
    {
        var wait = Bounded(Until(NotBefore, now));
        foreach (var waiter in _interactive.All.Concat(_batch.All).ToList())
        {
            _isWanted = true;
            Turn(waiter, PermitRefusal.CircuitOpen, wait);
        }
    }
}
