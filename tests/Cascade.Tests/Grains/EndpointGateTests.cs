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

public sealed class EndpointGateTests
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
    public async Task Enter_OneAccountFloods_OnlyItIsTurnedAwayAndTheOtherIsNext()
    {
        _options.PermitQueue = 10;
        _answer = _ => Task.FromResult(Grant(1));
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        var flood = Enumerable.Range(0, 11).Select(_ => EnterAsync(gate)).ToArray();
        var other = EnterAsync(gate, "other");

        Assert.True(flood[10].IsCompleted);
        Assert.False(await flood[10]);
        Assert.False(other.IsCompleted);
        await LeaveOneAsync();
        await LeaveOneAsync();

        Assert.True(await other.WaitAsync(Ct));
        Assert.True(await flood[0].WaitAsync(Ct));
        Assert.All(flood[1..10], waiting => Assert.False(waiting.IsCompleted));
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
    public async Task Enter_NoPlaceInTime_IsFalseAndLeavesNoTrace()
    {
        _answer = _ => Task.FromResult(Grant(1));
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        var late = EnterAsync(gate);

        _time.Advance(_options.PermitWait);
        Assert.False(await late.WaitAsync(Ct));
        await LeaveOneAsync();

        Assert.Equal(0, _inFlight);
        Assert.True(await EnterAsync(gate).WaitAsync(Ct));
    }

    [Fact]
    public async Task Enter_CancelledWhileItWaits_LeavesTheLineToTheNext()
    {
        _answer = _ => Task.FromResult(Grant(1));
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        using var goesAway = new CancellationTokenSource();
        var first = EnterAsync(gate, ct: goesAway.Token);
        var second = EnterAsync(gate);

        await goesAway.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await LeaveOneAsync();

        Assert.True(await second.WaitAsync(Ct));
        Assert.Equal(1, _inFlight);
    }

    [Fact]
    public async Task Enter_CancelledInTheMomentItIsLetIn_EitherIsInOrGaveItsPlaceBack()
    {
        _answer = _ => Task.FromResult(Grant(1));
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        using var goesAway = new CancellationTokenSource();
        var waiting = EnterAsync(gate, ct: goesAway.Token);

        // Callbacks run last in, first out: the place comes free within the cancellation, before the wait hears of it.
        await using var registration = goesAway.Token.Register(LeaveOne);
        await goesAway.CancelAsync();
        var cancelled = await Record.ExceptionAsync(() => waiting.WaitAsync(Ct));

        Assert.Equal(cancelled is null ? 1 : 0, _inFlight);
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
    public async Task Enter_BurstAfterALull_NobodyIsTurnedAwayForHowLittleWasLetInDuringIt()
    {
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        await LeaveOneAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        var (first, second) = (new TaskCompletionSource<CapacityReply>(), new TaskCompletionSource<CapacityReply>());
        var asked = 0;
        _answer = _ => ++asked == 1 ? first.Task : second.Task;
        var burst = Enumerable.Range(0, 20).Select(_ => EnterAsync(gate)).ToList();
        first.SetResult(Grant(_requests[^1].Wanted));
        await Eventually.HoldsAsync(() => Volatile.Read(ref _inFlight) > 0, TimeSpan.FromSeconds(10), Ct);

        burst.AddRange(Enumerable.Range(0, 20).Select(_ => EnterAsync(gate)));
        second.SetResult(Grant(100));

        Assert.All(await Task.WhenAll(burst).WaitAsync(TimeSpan.FromSeconds(30), Ct), Assert.True);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task Enter_BurstAfterCallsThatNothingHeldUp_IsNotMeasuredByHowManyCame(int seconds)
    {
        var gate = Gate();
        for (var second = 0; second < seconds; second++)
        {
            Assert.True(await EnterAsync(gate));
            await LeaveOneAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var reply = new TaskCompletionSource();
        _answer = async wanted =>
        {
            await reply.Task;
            return Grant(wanted);
        };
        var burst = Enumerable.Range(0, 500).Select(_ => EnterAsync(gate)).ToArray();
        reply.SetResult();

        Assert.All(await Task.WhenAll(burst).WaitAsync(TimeSpan.FromSeconds(30), Ct), Assert.True);
    }

    [Fact]
    public async Task Enter_MoreThanTheGateLetsInInTime_IsTurnedAwayAtOnce()
    {
        _answer = _ => Task.FromResult(Grant(1));
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        var waiting = Enumerable.Range(0, 100).Select(_ => EnterAsync(gate)).ToList();
        Assert.All(waiting, static w => Assert.False(w.IsCompleted));
        for (var second = 0; second < 8; second++)
        {
            await LeaveOneAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        // One a second, and more than are let in within half a minute wait already.
        var late = await gate.EnterAsync(Ask(Acme), Ct);

        Assert.Equal(PermitRefusal.TooLate, late.Refusal);
        Assert.InRange(late.RetryAfter, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(80));
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
