using System.Collections.Concurrent;
using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed partial class EndpointGateTests
{
    private static readonly AccountId Acme = new("acme");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 6, 12, 0, 0, TimeSpan.Zero));
    private readonly CascadeOptions _options = new();
    private readonly List<(int Wanted, int Limit, EndpointUsage Usage)> _requests = [];
    private Func<int, Task<CapacityReply>> _answer = wanted => Task.FromResult(Grant(wanted));
    private readonly ConcurrentQueue<Permit> _permits = new();
    private readonly EndpointModel _endpoint =
        new TestModel().Endpoint("m", ScriptedCaller.Answering("42")).Build().Endpoints["m"];

    private int _inFlight;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enter_NothingGrantedYet_AsksAndEnters()
    {
        var gate = Gate();

        Assert.True(await EnterAsync(gate));

        Assert.Equal([(2, 0)], _requests.Select(r => (r.Wanted, r.Limit)));
        Assert.Equal(1, _inFlight);
    }

    [Fact]
    public async Task Enter_CancelledBefore_HasNoEffect()
    {
        var gate = Gate();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gate.EnterAsync(Ask(Acme), new CancellationToken(true)).AsTask());

        Assert.Empty(_requests);
    }

    [Fact]
    public async Task Enter_BurstWhileAsking_IsAskedForWhenTheReplyComes()
    {
        var reply = new TaskCompletionSource();
        _answer = async wanted =>
        {
            await reply.Task;
            return Grant(wanted);
        };
        var gate = Gate();
        var all = Enumerable.Range(0, 50).Select(_ => EnterAsync(gate)).ToArray();
        Assert.Single(_requests);

        reply.SetResult();

        Assert.All(await Task.WhenAll(all).WaitAsync(Ct), Assert.True);
        Assert.Equal(50, _inFlight);
    }

    [Fact]
    public async Task Enter_LastReplyWasLessThanAsked_OnlyTheRenewalAsksAgain()
    {
        _answer = _ => Task.FromResult(Grant(1));
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        var waiting = EnterAsync(gate);
        var asked = _requests.Count;
        _ = EnterAsync(gate);
        Assert.Equal(asked, _requests.Count);

        _answer = wanted => Task.FromResult(Grant(wanted));
        await gate.TendAsync(Ct);

        Assert.Equal(asked + 1, _requests.Count);
        Assert.True(await waiting.WaitAsync(Ct));
    }

    [Fact]
    public async Task Enter_SliceIsPastItsTime_WaitsForTheRenewal()
    {
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        var reply = new TaskCompletionSource<CapacityReply>();
        _answer = _ => reply.Task;
        _time.Advance(_options.SliceLifetime);

        var waiting = EnterAsync(gate);
        Assert.False(waiting.IsCompleted);
        reply.SetResult(Grant(2));

        Assert.True(await waiting.WaitAsync(Ct));
    }

    [Fact]
    public async Task Tend_DemandFell_WhatWasReportedBoundsWhoEntersUntilTheReply()
    {
        var gate = Gate();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => EnterAsync(gate))).WaitAsync(Ct);
        for (var i = 0; i < 8; i++)
        {
            await LeaveOneAsync();
        }

        await gate.TendAsync(Ct);
        var reply = new TaskCompletionSource<CapacityReply>();
        _answer = _ => reply.Task;
        var renewal = gate.TendAsync(Ct);
        Assert.Equal((4, 4), (_requests[^1].Wanted, _requests[^1].Limit));
        var burst = Enumerable.Range(0, 8).Select(_ => EnterAsync(gate)).ToArray();

        Assert.Equal(4, _inFlight);
        _answer = wanted => Task.FromResult(Grant(wanted));
        reply.SetResult(Grant(4));
        await renewal.WaitAsync(Ct);
        await Task.WhenAll(burst).WaitAsync(Ct);
        Assert.Equal(10, _inFlight);
    }

    [Fact]
    public async Task Tend_RequestFails_IsReportedAndTheUsageIsSaidAgain()
    {
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        Assert.True(_permits.TryDequeue(out var permit));
        var tokens = new TokenUsage { InputTokens = 3, OutputTokens = 4 };
        permit.Return(new CallReport(CallEffect.Failed, HasFailed: true, tokens, 7, RetryAfter: null));
        permit.Return(new CallReport(CallEffect.Failed, HasFailed: true, tokens, 7, RetryAfter: null));
        await gate.TendAsync(Ct);
        _answer = _ => throw new TimeoutException();
        await Assert.ThrowsAsync<TimeoutException>(() => gate.TendAsync(Ct));
        _answer = wanted => Task.FromResult(Grant(wanted));

        await gate.TendAsync(Ct);

        var usage = new EndpointUsage { Calls = 1, Failures = 1, Tokens = new TokenUsage { InputTokens = 3, OutputTokens = 4 }, CostNanos = 7 };
        Assert.All(_requests[1..], r => Assert.Equal(usage, r.Usage));
        Assert.Equal(4, _requests.Count);
    }

    [Fact]
    public async Task Tend_ProviderSaidWhatIsLeft_IsSaidOnceAndByTheTimeItIsSaid()
    {
        var said = new List<QuotaLeft?>();
        var gate = new EndpointGate(
            _endpoint,
            "127.0.0.1:1@1/0",
            (request, _) =>
            {
                said.Add(request.RequestsLeft);
                return Task.FromResult(Grant(request.WantedInFlight));
            },
            _time,
            _options,
            static _ => { });
        Assert.True(await EnterAsync(gate));
        Assert.True(await EnterAsync(gate));
        Assert.True(_permits.TryDequeue(out var permit));
        var limits = new ProviderLimits(new LimitLeft(500, 600, TimeSpan.FromSeconds(60)), null);
        permit.Return(new CallReport(CallEffect.Answered, HasFailed: false, default, 0, RetryAfter: null, limits));
        var before = said.Count;
        _time.Advance(TimeSpan.FromSeconds(10));

        await gate.TendAsync(Ct);
        await gate.TendAsync(Ct);

        Assert.Equal([new QuotaLeft { Remaining = 500, Limit = 600, ResetIn = TimeSpan.FromSeconds(50) }, null], said.Skip(before));
    }

    [Fact]
    public async Task Tend_NobodyIsInOrWaits_GivesTheSliceBackAndFallsSilent()
    {
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        await LeaveOneAsync();
        for (var i = 0; i < 5; i++)
        {
            await gate.TendAsync(Ct);
        }

        Assert.Equal([2, 2, 0], _requests.Select(r => r.Wanted));
    }

    [Fact]
    public async Task Tend_EverythingIsTakenAwayWhileNobodyIsIn_SaysThatNothingIsKept()
    {
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        await LeaveOneAsync();
        _answer = _ => Task.FromResult(Grant(0));
        for (var i = 0; i < 5; i++)
        {
            await gate.TendAsync(Ct);
        }

        // The second one says that two may be in flight, and the grain keeps them free until the third.
        Assert.Equal([(2, 0), (2, 2), (0, 0)], _requests.Select(r => (r.Wanted, r.Limit)));
    }

    [Fact]
    public async Task Tend_WhoWaitedWasTurnedAway_SaysThatNobodyWaits()
    {
        _answer = _ => Task.FromResult(Grant(0));
        var gate = Gate();
        var late = EnterAsync(gate);
        _time.Advance(_options.PermitWait);
        Assert.False(await late.WaitAsync(Ct));

        await gate.TendAsync(Ct);
        await gate.TendAsync(Ct);

        Assert.Equal([(2, 0), (0, 0)], _requests.Select(r => (r.Wanted, r.Limit)));
    }

    [Fact]
    public async Task Tend_CircuitClosesAgain_EjectionIsOverToo()
    {
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        gate.Eject(TimeSpan.FromMinutes(1));
        await gate.TendAsync(Ct);
        Assert.Equal(TimeSpan.FromMinutes(1), gate.Standing.EjectedFor);
        _answer = _ => Task.FromResult(Grant(0) with { Circuit = EndpointCircuit.Open });
        await gate.TendAsync(Ct);
        Assert.Equal(TimeSpan.FromMinutes(1), gate.Standing.EjectedFor);

        _answer = wanted => Task.FromResult(Grant(wanted));
        gate.Wish();

        Assert.Equal(TimeSpan.Zero, gate.Standing.EjectedFor);
    }

    [Fact]
    public async Task Enter_CircuitIsOpenAndAProbeIsDue_OneAsksAndTheOthersAreTurnedAwayAtOnce()
    {
        var gate = await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        var reply = new TaskCompletionSource<CapacityReply>();
        _answer = _ => reply.Task;

        var first = EnterAsync(gate);
        Assert.False(await EnterAsync(gate).WaitAsync(Ct));
        Assert.False(first.IsCompleted);
        reply.SetResult(Open with { Probes = 1 });

        Assert.True(await first.WaitAsync(Ct));
    }

    [Fact]
    public async Task Enter_CircuitIsOpenAndItsGrainCannotBeReached_IsTurnedAwayAndNotHeldUp()
    {
        var gate = await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        var asked = _requests.Count;
        _answer = _ => Task.FromException<CapacityReply>(new TimeoutException("scripted"));

        Assert.False(await EnterAsync(gate).WaitAsync(Ct));
        Assert.False(await EnterAsync(gate).WaitAsync(Ct));

        Assert.Equal(asked + 1, _requests.Count);
    }

    [Fact]
    public async Task Enter_CircuitHasClosedMeanwhile_TheFirstCallIsServed()
    {
        var gate = await OpenAsync();
        _time.Advance(TimeSpan.FromMinutes(5));
        _answer = wanted => Task.FromResult(Grant(wanted));

        Assert.True(await EnterAsync(gate).WaitAsync(Ct));
    }

    [Fact]
    public async Task Enter_CircuitIsOpenAndTheProviderWantsToBeLeftAlone_NobodyLooksBefore()
    {
        var gate = await OpenAsync();
        _answer = _ => Task.FromResult(Open with { PausedFor = TimeSpan.FromSeconds(20), Probes = 1 });
        await gate.TendAsync(Ct);
        _time.Advance(TimeSpan.FromSeconds(5));
        var asked = _requests.Count;

        var refused = await gate.EnterAsync(Ask(Acme), Ct);

        Assert.Equal((PermitRefusal.CircuitOpen, TimeSpan.FromSeconds(15)), (refused.Refusal, refused.RetryAfter));
        Assert.Equal((false, true, asked), (gate.Standing.MayProbe, gate.Standing.IsOut, _requests.Count));
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.True(await EnterAsync(gate).WaitAsync(Ct));
    }

    private static CapacityReply Open { get; } = Grant(0) with { Circuit = EndpointCircuit.Open, AskAgainIn = TimeSpan.FromSeconds(2) };

    private async Task<EndpointGate> OpenAsync()
    {
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        await LeaveOneAsync();
        _answer = _ => Task.FromResult(Open);
        await gate.TendAsync(Ct);
        return gate;
    }

    private static CapacityReply Grant(int granted) => new() { GrantedInFlight = granted, Lifetime = TimeSpan.FromSeconds(15) };

    private static PermitAsk Ask(AccountId account) => new(account, account.Value, 1, 100, RequestPriority.Interactive);

    private async Task<bool> EnterAsync(EndpointGate gate, string account = "acme", CancellationToken? ct = null)
    {
        var admission = await gate.EnterAsync(Ask(new AccountId(account)), ct ?? Ct);
        if (admission.Permit.IsValid)
        {
            _permits.Enqueue(admission.Permit);
        }

        return admission.Permit.IsValid;
    }

    private async Task LeaveOneAsync()
    {
        await Eventually.HoldsAsync(() => !_permits.IsEmpty, TimeSpan.FromSeconds(10), Ct);
        LeaveOne();
    }

    private void LeaveOne()
    {
        Assert.True(_permits.TryDequeue(out var permit));
        permit.ReturnUnused();
    }

    private EndpointGate Gate() => new(
        _endpoint,
        "127.0.0.1:1@1/0",
        (request, _) =>
        {
            _requests.Add((request.WantedInFlight, request.InFlight, request.Usage));
            return _answer(request.WantedInFlight);
        },
        _time,
        _options,
        change => Interlocked.Add(ref _inFlight, change));
}
