using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Cascade.Verification;
using Xunit;

namespace Cascade.Cluster.Tests.Routing;

public sealed class CascadeTests
{
    private const long Cost = 10 * TestModel.TokenNanos;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static IVerifier Agreement { get; } = VerifierFactory.Create(new VerifierConfig { Kind = "agreement", Endpoint = "second" });

    private static TestModel Model(string cheap, string second, string strong = "#### 42", long? cap = 10_000 * TestModel.TokenNanos) => new TestModel()
        .Endpoint("cheap", ScriptedCaller.Answering(cheap), e => e with { Quality = 0.7 })
        .Endpoint("second", ScriptedCaller.Answering(second), e => e with { Quality = 0.7 })
        .Endpoint("strong", ScriptedCaller.Answering(strong), e => e with { Quality = 0.95 })
        .Account("acme", cap)
        .Route("cascade", "threshold-pair", Agreement, "cheap", "strong");

    [Fact]
    public async Task Complete_JudgesAgree_KeepsTheCheapAnswerAndPaysForBothCalls()
    {
        await using var cluster = await CascadeTestCluster.StartAsync(1, Model("#### 42", "#### 42").Build());

        var reply = await cluster.AskAsync("acme", "cascade", silo: 0, ct: Ct);

        Assert.Equal(CascadeStatus.Answered, reply.Status);
        Assert.Equal("cheap", reply.Endpoint.Value);
        Assert.False(reply.Escalated);
        Assert.Equal([AttemptPurpose.Draft, AttemptPurpose.Verification], reply.Attempts.Select(a => a.Purpose));
        Assert.Equal(2 * Cost, reply.CostNanos);
        Assert.Equal(1.0, reply.Attempts[0].Score);
        Assert.Equal("score-reaches-threshold", reply.Decisions[^1].Reason);
        Assert.Equal("agreement", reply.Decisions[^1].Verdicts[0].Verifier[..9]);
    }

    [Fact]
    public async Task Complete_JudgesDisagree_EscalatesOnTheVerdict()
    {
        await using var cluster = await CascadeTestCluster.StartAsync(1, Model("#### 41", "#### 42").Build());

        var reply = await cluster.AskAsync("acme", "cascade", silo: 0, ct: Ct);

        Assert.Equal("strong", reply.Endpoint.Value);
        Assert.True(reply.Escalated);
        Assert.Equal(
            [AttemptPurpose.Draft, AttemptPurpose.Verification, AttemptPurpose.Escalation], reply.Attempts.Select(a => a.Purpose));
        Assert.Equal(3 * Cost, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos);
    }

    [Fact]
    public async Task Complete_CheapModelFails_FallsBackAndIsNotCalledAnEscalation()
    {
        var model = new TestModel()
            .Endpoint("cheap", ScriptedCaller.Failing(ModelCallStatus.ProviderError, BillingCertainty.NotBilled))
            .Endpoint("second", ScriptedCaller.Answering("#### 42"))
            .Endpoint("strong", ScriptedCaller.Answering("#### 42"))
            .Account("acme", 10_000 * TestModel.TokenNanos)
            .Route("cascade", "threshold-pair", Agreement, "cheap", "strong").Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);

        var reply = await cluster.AskAsync("acme", "cascade", silo: 0, ct: Ct);

        Assert.Equal("strong", reply.Endpoint.Value);
        Assert.False(reply.Escalated);
        Assert.Equal([AttemptPurpose.Draft, AttemptPurpose.Fallback], reply.Attempts.Select(a => a.Purpose));
        Assert.Equal(Booking.Voided, reply.Attempts[0].Booking);
        Assert.Equal(Cost, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos);
    }

    [Fact]
    public async Task Complete_StrongModelCannotBePaid_ReturnsTheCheapAnswerAndSaysWhy()
    {
        var model = new TestModel()
            .Endpoint("cheap", ScriptedCaller.Answering("#### 41"), e => e with { Quality = 0.7, MaxOutputTokens = 10 })
            .Endpoint("second", ScriptedCaller.Answering("#### 42"), e => e with { MaxOutputTokens = 10 })
            .Endpoint("strong", ScriptedCaller.Answering("#### 42"), e => e with { Quality = 0.95, MinOutputTokens = 50 })
            .Account("acme", 2 * Cost)
            .Route("cascade", "threshold-pair", Agreement, "cheap", "strong").Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);

        var reply = await cluster.AskAsync("acme", "cascade", silo: 0, ct: Ct);

        Assert.Equal(CascadeStatus.Answered, reply.Status);
        Assert.Equal("cheap", reply.Endpoint.Value);
        Assert.True(reply.BudgetLimited);
        Assert.Equal("best-available", reply.Decisions[^1].Reason);
    }

    [Fact]
    public async Task Complete_MoreThanTheAccountHas_IsClampedToWhatItCanPay()
    {
        var limits = new List<int?>();
        var caller = new ScriptedCaller((call, _) =>
        {
            limits.Add(call.Options.MaxOutputTokens);
            return Task.FromResult(ScriptedCaller.Answer("42", 1, 15));
        });
        var model = new TestModel().Endpoint("m", caller).Account("acme", 20 * TestModel.TokenNanos).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);

        var reply = await cluster.AskAsync("acme", "m", silo: 0, maxTokens: 100, ct: Ct);

        Assert.Equal(CascadeStatus.Answered, reply.Status);
        Assert.True(reply.BudgetLimited);
        Assert.Equal([20], limits);
    }

    [Fact]
    public async Task Complete_ProviderBillsMoreThanTheBound_TheExcessIsBookedAndBlocksFurtherSpend()
    {
        var model = new TestModel()
            .Endpoint("m", ScriptedCaller.Answering("42", 1, 150), e => e with { MaxOutputTokens = 100 })
            .Account("acme", 100 * TestModel.TokenNanos).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);

        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme", "m", silo: 0, ct: Ct)).Status);
        Assert.Equal(CascadeStatus.InsufficientQuota, (await cluster.AskAsync("acme", "m", silo: 0, ct: Ct)).Status);

        var snapshot = await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct);
        Assert.Equal(150 * TestModel.TokenNanos, snapshot.SettledNanos);
        Assert.Equal(50 * TestModel.TokenNanos, snapshot.OverrunNanos);
        Assert.Equal(-50 * TestModel.TokenNanos, snapshot.Windows[0].RemainingNanos);
    }

    [Fact]
    public async Task Complete_UnpricedEndpointUnderAHardCap_IsRefusedByName()
    {
        var caller = ScriptedCaller.Answering("42");
        var model = new TestModel().Endpoint("m", caller, e => e with { Price = null }).Account("acme", Cost).Account("free", null).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);

        var refused = await cluster.AskAsync("acme", "m", silo: 0, ct: Ct);
        Assert.Equal(CascadeStatus.UnpricedModel, refused.Status);
        Assert.Contains("InputUsdPerMillionTokens", refused.Problem, StringComparison.Ordinal);
        Assert.Empty(caller.Served);
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("free", "m", silo: 0, ct: Ct)).Status);
    }

    [Theory]
    [InlineData("nobody", "m", CascadeStatus.UnknownAccount)]
    [InlineData("acme", "nothing", CascadeStatus.UnknownModel)]
    public async Task Complete_UnknownName_IsATypedRefusal(string account, string model, CascadeStatus expected)
    {
        await using var cluster = await CascadeTestCluster.StartAsync(
            1, new TestModel().Endpoint("m", ScriptedCaller.Answering("42")).Account("acme", Cost).Build());

        Assert.Equal(expected, (await cluster.AskAsync(account, model, ct: Ct)).Status);
    }

    [Fact]
    public async Task Complete_CallerGoesAwayFromADrainingEndpoint_BooksTheRealCost()
    {
        var called = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var caller = new ScriptedCaller(async (_, ct) =>
        {
            called.TrySetResult();
            await release.Task.WaitAsync(ct);
            return ScriptedCaller.Answer("42", 10, 10);
        });
        var model = new TestModel().Endpoint("m", caller, e => e with { DrainOnCancel = true }).Account("acme", 100 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);
        using var goAway = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var asking = cluster.AskAsync("acme", "m", silo: 0, ct: goAway.Token);
        await called.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        await goAway.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        release.SetResult();

        await TestKit.Waiting.Eventually.HoldsAsync(
            async () => (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos == Cost, TimeSpan.FromSeconds(10), Ct);
        Assert.Equal(0, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).UnconfirmedUpperNanos);
    }

    [Fact]
    public async Task Complete_CallerGoesAwayFromAnAbortingEndpoint_HoldsTheUpperBound()
    {
        var called = new TaskCompletionSource();
        var caller = new ScriptedCaller(async (_, ct) =>
        {
            called.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            }
            catch (OperationCanceledException)
            {
                return new ModelCallResult { Status = ModelCallStatus.Cancelled, Billing = BillingCertainty.Unknown, Error = "cancelled" };
            }

            throw new InvalidOperationException("unreachable");
        });
        var model = new TestModel().Endpoint("m", caller).Account("acme", 100 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);
        using var goAway = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var asking = cluster.AskAsync("acme", "m", silo: 0, ct: goAway.Token);
        await called.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        await goAway.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        await TestKit.Waiting.Eventually.HoldsAsync(
            async () => (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).UnconfirmedUpperNanos == 10 * Cost,
            TimeSpan.FromSeconds(10),
            Ct);
    }
}
