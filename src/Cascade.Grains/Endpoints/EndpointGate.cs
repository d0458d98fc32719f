using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;

namespace Cascade.Grains.Endpoints;

/// <summary>A silo's slice of one endpoint: who is in, who waits, when to ask for more. Thread-safe.</summary>
internal sealed partial class EndpointGate : IDisposable
{
    private readonly Lock _lock = new();
    private readonly EndpointModel _endpoint;
    private readonly string _holder;
    private readonly Func<CapacityRequest, CancellationToken, Task<CapacityReply>> _request;
    private readonly TimeProvider _time;
    private readonly CascadeOptions _options;
    private readonly Action<int> _inFlightChanged;
    private readonly ITimer _timer;
    private readonly Dictionary<string, TenantUse> _tenants = new(StringComparer.Ordinal);
    private readonly FairQueue _interactive = new(batch: false);
    private readonly FairQueue _batch = new(batch: true);
    private readonly RateAllowances _allowances = new();
    private readonly Stack<PermitSlot> _slots = new();
    private readonly CallTotals _totals = new();
    private readonly EntryRate _entries;
    private readonly EntryRate _drain;
    private readonly bool _hasRates;
    private double _interactiveServed;
    private double _batchServed;
    private int _granted;
    private int _inFlight;
    private int _peak;
    private long _expires;
    private long _ejectedUntil;
    private bool _isOpen;
    private int _probes;
    private long _outstandingTokens;

    public EndpointGate(
        EndpointModel endpoint,
        string holder,
        Func<CapacityRequest, CancellationToken, Task<CapacityReply>> request,
        TimeProvider time,
        CascadeOptions options,
        Action<int> inFlightChanged)
    {
        (_endpoint, _holder, _request, _time, _options, _inFlightChanged) = (endpoint, holder, request, time, options, inFlightChanged);
        _hasRates = endpoint.Capacity is { RequestsPerMinute: not null } or { TokensPerMinute: not null };
        (_entries, _drain) = (new EntryRate(time), new EntryRate(time));
        _timer = time.CreateTimer(static gate => ((EndpointGate)gate!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public EndpointId Endpoint => _endpoint.Id;

    /// <summary>How the endpoint stands, as far as this silo knows.</summary>
    public EndpointStanding Standing
    {
        get
        {
            lock (_lock)
            {
                var now = _time.GetTimestamp();
                var mayProbe = MayProbe(_lastTokens, now);
                return new EndpointStanding
                {
                    IsOut = _isOpen && !mayProbe,
                    MayProbe = mayProbe,
                    PausedFor = Until(PausedUntil, now),
                    EjectedFor = Until(_ejectedUntil, now),
                    Load = Outstanding / (double)_endpoint.MaxInFlight,
                    CongestionPrice = CongestionPrice,
                };
            }
        }
    }

    private long Outstanding => _outstandingTokens + _interactive.Tokens + _batch.Tokens;

    /// <summary>The price of the endpoint's scarcity, in quality per token.</summary>
    public double CongestionPrice { get; private set; }

    /// <summary>Waits to come in.</summary>
    public ValueTask<Admission> EnterAsync(in PermitAsk ask, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Admission admission;
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            admission = Refuse(ask, now);
            if (admission.Refusal == PermitRefusal.None)
            {
                var tenant = UseOf(ask);
                tenant.Calls++;
                if (_interactive.Count + _batch.Count > 0 || !HasRoom(ask, now))
                {
                    var waiter = new PermitWaiter(ask, tenant, now + Ticks(_options.PermitWait));
                    QueueOf(ask).Add(waiter);
                    Admit(now);
                    return WaitAsync(waiter, cancellationToken);
                }

                QueueOf(ask).Charge(tenant, ask.Tokens);
                admission = new Admission(LetIn(ask, tenant, now), PermitRefusal.None, TimeSpan.Zero);
                if (_asking || !IsLow(now))
                {
                    return new ValueTask<Admission>(admission);
                }
            }
        }

        AskForMore();
        return new ValueTask<Admission>(admission);
    }

    /// <summary>Says that a call would come if the endpoint were not out.</summary>
    public void Wish()
    {
        lock (_lock)
        {
            var tokens = Math.Min(_endpoint.Capacity.ExpectedTokens, _endpoint.Capacity.TokensPerMinute ?? 0);
            if (!_isOpen || HasProbe(tokens, _time.GetTimestamp()))
            {
                return;
            }

            (_isWanted, _lastTokens) = (true, tokens);
        }

        AskForMore();
    }

    /// <summary>Has this silo prefer others for a while.</summary>
    public void Eject(TimeSpan time)
    {
        lock (_lock)
        {
            _ejectedUntil = _time.GetTimestamp() + Ticks(time);
            _unreported = true;
        }
    }

    public bool IsFresh(PermitSlot slot, int generation)
    {
        lock (_lock)
        {
            return slot.Generation != generation || slot.Allowance is null
                || _time.GetElapsedTime(slot.TakenAt) <= _options.RateSlack / 2;
        }
    }

    public void Leave(PermitSlot slot, int generation, in CallReport report)
    {
        bool urgent;
        lock (_lock)
        {
            if (!TryReturn(slot, generation))
            {
                return;
            }

            var now = _time.GetTimestamp();
            var used = report.Tokens.InputTokens + report.Tokens.OutputTokens;
            var counted = used > 0 ? used : slot.Tokens;
            slot.Allowance?.End(slot.Tokens, counted);
            QueueOf(slot.IsBatch).Correct(slot.Tenant, counted - slot.Tokens);
            _totals.Count(report, _time.GetElapsedTime(slot.TakenAt, now), slot.IsProbe);
            urgent = Learn(slot, report, now);
            Free(slot);
            Admit(now);
        }

        AskForMore(urgent);
    }

    public void LeaveUnused(PermitSlot slot, int generation)
    {
        lock (_lock)
        {
            if (!TryReturn(slot, generation))
            {
                return;
            }

            // It stays counted as a turn, or a tenant whose calls come to nothing would be next for ever.
            slot.Allowance?.PutBack(slot.Tokens);
            Free(slot);
            Admit(_time.GetTimestamp());
        }

        AskForMore();
    }

    public void Dispose() => _timer.Dispose();

    private bool HasRoom(in PermitAsk ask, long now)
    {
        if (_isOpen)
        {
            return HasProbe(TokensOf(ask), now);
        }

        var most = ask.IsBatch ? _granted - (int)(_granted * _options.InteractiveReserve) : _granted;
        return _inFlight < most && now < _expires && now >= PausedUntil && (!_hasRates || _allowances.CanTake(TokensOf(ask), now));
    }

    /// <summary>Whether a call may look now whether the endpoint is back. What a rate limit allows of it is allowed for a moment only.</summary>
    private bool HasProbe(long tokens, long now) => _probes > 0 && now >= PausedUntil && (!_hasRates || _allowances.CanTake(tokens, now));

    /// <summary>Whether a call may look, or may ask whether it may: one asks for all, and nobody before the grain and the provider said that it helps.</summary>
    private bool MayProbe(long tokens, long now) => _isOpen && (HasProbe(tokens, now) || (!_asking && now >= NotBefore));

    /// <summary>A call larger than a whole minute's tokens could never start; the provider may decide about it.</summary>
    private long TokensOf(in PermitAsk ask) => _endpoint.Capacity.TokensPerMinute is { } most ? Math.Min(ask.Tokens, most) : 0;

    private Permit LetIn(in PermitAsk ask, TenantUse tenant, long now)
    {
        var slot = _slots.Count > 0 ? _slots.Pop() : new PermitSlot();
        var tokens = TokensOf(ask);
        slot.IsOut = true;
        slot.Tenant = tenant;
        slot.IsBatch = ask.IsBatch;
        slot.IsProbe = _isOpen;
        slot.Tokens = _endpoint.Capacity.TokensPerMinute is null ? ask.Tokens : tokens;
        slot.Allowance = _hasRates ? _allowances.TryTake(tokens, now) : null;
        slot.TakenAt = now;
        if (_isOpen)
        {
            _probes--;
        }

        _inFlight++;
        _entered++;
        _peak = Math.Max(_peak, _inFlight);
        _outstandingTokens += slot.Tokens;
        _entries.Count();
        _inFlightChanged(1);
        return new Permit(this, slot);
    }

    private static bool TryReturn(PermitSlot slot, int generation)
    {
        if (!slot.IsOut || slot.Generation != generation)
        {
            return false;
        }

        slot.IsOut = false;
        slot.Generation++;
        return true;
    }

    private void Free(PermitSlot slot)
    {
        _inFlight--;
        _outstandingTokens -= slot.Tokens;
        _unreported = true;
        Forget(slot.Tenant);
        (slot.Allowance, slot.Tenant) = (null, null!);
        _slots.Push(slot);

        // Before the next one is let in, or the gauge would show more in flight than there ever was.
        _inFlightChanged(-1);
    }

    private TenantUse UseOf(in PermitAsk ask)
    {
        if (!_tenants.TryGetValue(ask.Tenant, out var tenant))
        {
            _tenants.Add(ask.Tenant, tenant = new TenantUse(ask.Tenant));
        }

        tenant.Weight = ask.Weight;
        return tenant;
    }

    private void Forget(TenantUse tenant)
    {
        const int Few = 256;
        if (--tenant.Calls == 0 && _tenants.Count > Few)
        {
            _tenants.Remove(tenant.Name);
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    private TimeSpan Until(long timestamp, long now) =>
        timestamp <= now ? TimeSpan.Zero : TimeSpan.FromSeconds((timestamp - now) / (double)_time.TimestampFrequency);

    private static TimeSpan Bounded(TimeSpan wait) =>
        wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait > TimeSpan.FromHours(1) ? TimeSpan.FromHours(1) : wait;
}
