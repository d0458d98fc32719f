using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.TestKit.Grains;
using Cascade.Verification;
using Xunit;

namespace Cascade.Cluster.Tests.Budgets;

public sealed class ContendedCapTests
{
    private const long Token = TestModel.TokenNanos;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_JudgeWithoutAPriceUnderAHardCap_IsNotCalled()
    {
        var judge = ScriptedCaller.Answering("#### 42");
        var model = new TestModel()
            .Endpoint("cheap", ScriptedCaller.Answering("#### 42"), e => e with { Quality = 0.7 })
            .Endpoint("second", judge, e => e with { Price = null })
            .Endpoint("strong", ScriptedCaller.Answering("#### 42"), e => e with { Quality = 0.95 })
            .Account("capped", 10_000 * Token)
            .Account("free", null)
            .Route("cascade", "threshold-pair", Agreement(), "cheap", "strong")
            .Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);

        var reply = await cluster.AskAsync("capped", "cascade", silo: 0, ct: Ct);

        Assert.Equal(CascadeStatus.Answered, reply.Status);
        Assert.Empty(judge.Served);
        Assert.Contains(reply.Attempts, a => a is { Purpose: AttemptPurpose.Verification, Outcome: AttemptOutcome.Unaffordable, Error: "unpriced" });
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("free", "cascade", silo: 0, ct: Ct)).Status);
        Assert.Single(judge.Served);
    }

    [Fact]
    public async Task Complete_MoneyInFlightUntilTheDeadline_GetsAShorterAnswerInsteadOfNone()
    {
        var caller = new HeldCaller();
        var model = new TestModel().Endpoint("m", caller.Caller).Account("acme", 100 * Token).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model, o => o.ReservationWait = TimeSpan.FromMilliseconds(200));
        var first = cluster.AskAsync("acme", "m", silo: 0, maxTokens: 50, ct: Ct);
        await caller.Called.WaitAsync(Patience, Ct);

        var second = await cluster.AskAsync("acme", "m", silo: 0, maxTokens: 60, ct: Ct);
        caller.Release();

        Assert.Equal(CascadeStatus.Answered, second.Status);
        var attempt = Assert.Single(second.Attempts);
        Assert.True(attempt.Clamped);
        Assert.InRange(attempt.ReservedNanos, 10 * Token, 50 * Token);
        Assert.Equal(CascadeStatus.Answered, (await first).Status);
    }

    [Fact]
    public async Task Complete_LeastBoundIsAboveTheRest_IsRefusedWhileACallIsInFlight()
    {
        var caller = new HeldCaller();
        var model = new TestModel()
            .Endpoint("m", caller.Caller)
            .Endpoint("big", ScriptedCaller.Answering("x"), e => e with { MinOutputTokens = 90 })
            .Account("acme", 50 * Token)
            .Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model, o => o.ReservationWait = TimeSpan.FromMinutes(5));
        var first = cluster.AskAsync("acme", "m", silo: 0, maxTokens: 10, ct: Ct);
        await caller.Called.WaitAsync(Patience, Ct);

        var refused = await cluster.AskAsync("acme", "big", silo: 0, ct: Ct).WaitAsync(Patience, Ct);
        caller.Release();

        Assert.Equal(CascadeStatus.InsufficientQuota, refused.Status);
        Assert.Equal((50 * Token, 90 * Token), (refused.Refusal!.RemainingNanos, refused.Refusal.NeededNanos));
        Assert.Equal(CascadeStatus.Answered, (await first).Status);
    }

    [Theory]
    [InlineData("S127.0.0.1:11111:1/0")]
    [InlineData("somebody")]
    [InlineData("")]
    public async Task Acquire_HolderIsNoSilo_IsInvalidAndBlocksNothing(string holder)
    {
        var model = new TestModel().Endpoint("m", ScriptedCaller.Answering("42")).Account("acme", 100 * Token).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);

        var reply = await cluster.Budget("acme").AcquireAsync(
            new LeaseRequest { Operation = new OperationId("x"), Holder = holder, WantedNanos = 50 * Token, NeededNanos = 50 * Token }, Ct);

        Assert.Equal(BudgetStatus.InvalidCommand, reply.Status);
        Assert.Equal(0, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).OpenLeases);
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme", "m", silo: 0, ct: Ct)).Status);
    }

    private static IVerifier Agreement() => VerifierFactory.Create(new VerifierConfig { Kind = "agreement", Endpoint = "second" });
}
