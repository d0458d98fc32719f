using System.Collections.Concurrent;
using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;
using Cascade.Providers.Calling;
using Microsoft.Extensions.Time.Testing;

namespace Cascade.Tests.Grains;

/// <summary>
/// The real desk and the real gates of several silos on one simulated clock: calls of callers, a provider that takes its time, requests between
/// silos and the endpoint's grain that are answered at once, are held up, or are lost.
/// </summary>
internal sealed class ClusterSim
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private EndpointDesk _desk;
    private readonly EndpointGate[] _gates;
    private readonly bool[] _dead;
    private readonly int[] _gauge;
    private readonly int[] _flying;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<(int Silo, Permit Permit, SimCall Call), DateTimeOffset> _ending = new();
    private readonly ConcurrentQueue<(int Silo, SimCall Call, Admission Admission)> _admitted = new();
    private EndpointRecord _record = new();
    private DateTimeOffset _tended;

    public ClusterSim(EndpointModel endpoint, CascadeOptions options, int silos)
    {
        (Endpoint, Options) = (endpoint, options);
        _desk = new EndpointDesk(endpoint, options);
        _dead = new bool[silos];
        (_gauge, _flying) = (new int[silos], new int[silos]);
        _gates = [.. Enumerable.Range(0, silos).Select(i => new EndpointGate(endpoint, Holder(i), (r, _) => AskAsync(i, r), Time, options, change => Interlocked.Add(ref _gauge[i], change)))];
        _tended = Time.GetUtcNow();
    }

    public EndpointModel Endpoint { get; }

    public CascadeOptions Options { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 6, 12, 0, 0, TimeSpan.Zero));

    /// <summary>What comes of a call that is sent.</summary>
    public Func<SimCall, CallEffect> Provider { get; set; } = _ => CallEffect.Answered;

    /// <summary>Whether a request between a silo and the grain is lost on its way there (1), on its way back (2) or not (0).</summary>
    public Func<int> Loss { get; set; } = () => 0;

    /// <summary>Every call that was sent, in order.</summary>
    public List<SimCall> Sent { get; } = [];

    /// <summary>Every call that was turned away.</summary>
    public List<(SimCall Call, Admission Admission)> Refused { get; } = [];

    public int InFlight { get; private set; }

    public int MaxInFlight { get; private set; }

    public int Messages { get; private set; }

    /// <summary>What the callers do when a call of theirs has ended or was refused.</summary>
    public Action<SimCall>? Ended { get; set; }

    public EndpointSnapshot Snapshot => _desk.Snapshot(Endpoint.Id, _record, Time.GetUtcNow(), IsDead);

    public EndpointGate Gate(int silo) => _gates[silo];

    /// <summary>The grain moves to another silo: all it did not store is forgotten.</summary>
    public void MoveGrain()
    {
        lock (_lock)
        {
            _desk = new EndpointDesk(Endpoint, Options);
        }
    }

    public void Kill(int silo)
    {
        _dead[silo] = true;
        _gates[silo].Dispose();
    }

    public void Call(int silo, string account, TimeSpan takes, long tokens = 100, long used = 0, RequestPriority priority = RequestPriority.Interactive)
    {
        var call = new SimCall(account, silo, Time.GetUtcNow(), takes, tokens, used);
        if (_dead[silo])
        {
            return;
        }

        var ask = new PermitAsk(new AccountId(account), account.Split('/')[0], 1, tokens, priority);
        _ = EnterAsync(silo, call, ask);
    }

    /// <summary>Lets time pass.</summary>
    public void Run(TimeSpan span)
    {
        var end = Time.GetUtcNow() + span;
        while (Time.GetUtcNow() < end)
        {
            Settle();
            Time.Advance(Step);
            while (_ending.TryPeek(out var next, out var at) && at <= Time.GetUtcNow())
            {
                _ending.Dequeue();
                End(next);
                Settle();
            }

            if (Time.GetUtcNow() - _tended >= Options.ReportInterval)
            {
                _tended = Time.GetUtcNow();
                for (var i = 0; i < _gates.Length; i++)
                {
                    if (!_dead[i])
                    {
                        _ = _gates[i].TendAsync(CancellationToken.None).ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
                    }
                }
            }
        }

        Settle();
    }

    /// <summary>The most calls of any 60 seconds, by when they were sent.</summary>
    public (int Calls, long Tokens) MostInAMinute()
    {
        var (most, mostTokens, first, tokens) = (0, 0L, 0, 0L);
        for (var i = 0; i < Sent.Count; i++)
        {
            tokens += Sent[i].Counted;
            while (Sent[i].SentAt - Sent[first].SentAt >= TimeSpan.FromMinutes(1))
            {
                tokens -= Sent[first++].Counted;
            }

            (most, mostTokens) = (Math.Max(most, i - first + 1), Math.Max(mostTokens, tokens));
        }

        return (most, mostTokens);
    }

    private static string Holder(int silo) => $"127.0.0.1:{silo + 1}@1/0";

    private async Task EnterAsync(int silo, SimCall call, PermitAsk ask) =>
        _admitted.Enqueue((silo, call, await _gates[silo].EnterAsync(ask, CancellationToken.None)));

    private void Settle()
    {
        // Waiters continue on the pool: a call that was let in is in the gate's gauge before it is here.
        for (var spins = 0; !_admitted.IsEmpty || Enumerable.Range(0, _gates.Length).Any(i => !_dead[i] && Volatile.Read(ref _gauge[i]) != _flying[i]); spins++)
        {
            if (_admitted.TryDequeue(out var next))
            {
                Take(next.Silo, next.Call, next.Admission);
                spins = 0;
            }
            else if (spins > 10_000_000)
            {
                throw new TimeoutException("a call that was let in did not arrive");
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    private void Take(int silo, SimCall call, Admission admission)
    {
        if (_dead[silo])
        {
            return;
        }

        if (!admission.Permit.IsValid)
        {
            Refused.Add((call, admission));
            Ended?.Invoke(call);
            return;
        }

        if (!admission.Permit.IsFresh)
        {
            admission.Permit.ReturnUnused();
            Call(silo, call.Account, call.Takes, call.Tokens, call.Used);
            return;
        }

        call.SentAt = Time.GetUtcNow();
        call.Effect = Provider(call);
        Sent.Add(call);
        InFlight++;
        _flying[silo]++;
        MaxInFlight = Math.Max(MaxInFlight, InFlight);
        _ending.Enqueue((silo, admission.Permit, call), call.SentAt + call.Takes);
    }

    private void End((int Silo, Permit Permit, SimCall Call) ending)
    {
        InFlight--;
        _flying[ending.Silo]--;
        if (!_dead[ending.Silo])
        {
            var hasFailed = ending.Call.Effect != CallEffect.Answered || ending.Call.IsRejected;
            var used = new TokenUsage { OutputTokens = hasFailed ? 0 : ending.Call.Counted };
            ending.Permit.Return(new CallReport(ending.Call.Effect, hasFailed, used, 0, ending.Call.RetryAfter, ending.Call.Limits));
        }

        Ended?.Invoke(ending.Call);
    }

    private bool IsDead(string holder) => _dead[int.Parse(holder.Split(':', '@')[1], provider: null) - 1];

    private Task<CapacityReply> AskAsync(int silo, CapacityRequest request)
    {
        lock (_lock)
        {
            Messages++;
            var loss = Loss();
            if (loss == 1 || _dead[silo])
            {
                return Task.FromException<CapacityReply>(new TimeoutException());
            }

            var (record, reply) = _desk.Acquire(_record, request, Time.GetUtcNow(), IsDead);
            _record = record;
            return loss == 2 ? Task.FromException<CapacityReply>(new TimeoutException()) : Task.FromResult(reply);
        }
    }
}

/// <summary>A call of a simulated caller.</summary>
internal sealed record SimCall(string Account, int Silo, DateTimeOffset AskedAt, TimeSpan Takes, long Tokens, long Used)
{
    public DateTimeOffset SentAt { get; set; }

    public CallEffect Effect { get; set; }

    /// <summary>Whether the provider took the call for wrong.</summary>
    public bool IsRejected { get; set; }

    public TimeSpan? RetryAfter { get; set; }

    public ProviderLimits? Limits { get; set; }

    public long Counted => Used > 0 ? Used : Tokens;
}
