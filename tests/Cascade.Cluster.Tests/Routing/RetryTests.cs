using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Cluster.Tests.Routing;

/// <summary>Calls that are made again within a request: what becomes of their money, and what they are told apart from.</summary>
public sealed class RetryTests
{
    private const long Token = TestModel.TokenNanos;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_FailsTwiceUnbilled_AnswersAndEachCallIsBookedByItself()
    {
        var caller = FailingFirst(2, ModelCallStatus.ProviderError, BillingCertainty.NotBilled);
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", caller, Retrying(3)));

        var reply = await cluster.AskAsync("acme", "m", silo: 0, ct: Ct);

        Assert.Equal((CascadeStatus.Answered, false, 10 * Token), (reply.Status, reply.Escalated, reply.CostNanos));
        Assert.Equal([Booking.Voided, Booking.Voided, Booking.Settled], reply.Attempts.Select(a => a.Booking));
        Assert.Equal([AttemptRepetition.None, AttemptRepetition.Retry, AttemptRepetition.Retry], reply.Attempts.Select(a => a.Repetition));
        Assert.All(reply.Attempts, a => Assert.Equal(AttemptPurpose.Draft, a.Purpose));
        Assert.Equal(reply.Attempts.Select(a => a.AttemptId), caller.Served.Select(s => s.Call.AttemptId));
        var books = await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct);
        Assert.Equal((10 * Token, 0), (books.SettledNanos, books.UnconfirmedUpperNanos));
        Assert.Single(reply.Decisions, d => d.Action == "call");
    }

    [Theory]
    [InlineData(ModelCallStatus.TimedOut, BillingCertainty.Unknown)]
    [InlineData(ModelCallStatus.ConnectionLost, BillingCertainty.Unknown)]
    [InlineData(ModelCallStatus.MalformedResponse, BillingCertainty.Unknown)]
    [InlineData(ModelCallStatus.RejectedRequest, BillingCertainty.NotBilled)]
    [InlineData(ModelCallStatus.Unauthorized, BillingCertainty.NotBilled)]
    public async Task Complete_MayBeBilledOrCannotPass_IsCalledOnce(ModelCallStatus status, BillingCertainty billing)
    {
        var caller = ScriptedCaller.Failing(status, billing);
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", caller, Retrying(3)));

        var reply = await cluster.AskAsync("acme", "m", silo: 0, ct: Ct);

        Assert.NotEqual(CascadeStatus.Answered, reply.Status);
        Assert.Single(caller.Served);
    }

    [Fact]
    public async Task Complete_UnconfirmedMayBeRepeated_BothAreHeldAndBilledApart()
    {
        var caller = FailingFirst(1, ModelCallStatus.TimedOut, BillingCertainty.Unknown);
        var model = new TestModel().Endpoint("m", caller, e => Retrying(1)(e) with { Reliability = Retrying(1)(e).Reliability with { RetryUnconfirmed = true } });
        await using var cluster = await StartAsync(model);

        var reply = await cluster.AskAsync("acme", "m", silo: 0, ct: Ct);

        Assert.Equal((CascadeStatus.Answered, 110 * Token), (reply.Status, reply.CostNanos));
        var books = await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct);
        Assert.Equal((10 * Token, 100 * Token), (books.SettledNanos, books.UnconfirmedUpperNanos));
    }

    [Fact]
    public async Task Complete_RepetitionsComeToNothing_FallsBackOnceAndSaysWhy()
    {
        var caller = ScriptedCaller.Failing(ModelCallStatus.Unreachable, BillingCertainty.NotBilled);
        var model = new TestModel().Endpoint("m", caller, Retrying(2)).Endpoint("other", ScriptedCaller.Answering("42"))
            .Route("chain", "fallback-chain", null, "m", "other");
        await using var cluster = await StartAsync(model);

        var reply = await cluster.AskAsync("acme", "chain", silo: 0, ct: Ct);

        Assert.Equal(CascadeStatus.Answered, reply.Status);
        Assert.Equal(["m", "m", "m", "other"], reply.Attempts.Select(a => a.Endpoint.Value));
        Assert.Equal(
            [AttemptPurpose.Draft, AttemptPurpose.Draft, AttemptPurpose.Draft, AttemptPurpose.Fallback], reply.Attempts.Select(a => a.Purpose));
        Assert.Equal(AttemptRepetition.None, reply.Attempts[^1].Repetition);
        Assert.All(reply.Attempts[..3], a => Assert.Equal(AttemptBlame.Network, a.Blame));
    }

    [Fact]
    public async Task Complete_EverythingFails_TheWholeChainKeepsToMaxAttempts()
    {
        var (first, second) = (ScriptedCaller.Failing(ModelCallStatus.ProviderError, BillingCertainty.NotBilled), ScriptedCaller.Failing(ModelCallStatus.ProviderError, BillingCertainty.NotBilled));
        var model = new TestModel().Endpoint("m", first, Retrying(3)).Endpoint("other", second, Retrying(3))
            .Route("chain", "fallback-chain", null, "m", "other").Account("acme", 10_000 * Token).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model, o => o.MaxAttempts = 6);

        var reply = await cluster.AskAsync("acme", "chain", silo: 0, ct: Ct);

        Assert.Equal(CascadeStatus.ProviderFailed, reply.Status);
        Assert.Equal((4, 2), (first.Served.Count, second.Served.Count));
    }

    [Fact]
    public async Task Complete_ProviderSaysComeBackAfterTheDeadline_FallsBackAtOnce()
    {
        var caller = new ScriptedCaller((_, _) => Task.FromResult(new ModelCallResult
        {
            Status = ModelCallStatus.RateLimited,
            Billing = BillingCertainty.NotBilled,
            Error = "http-429",
            RetryAfter = TimeSpan.FromHours(1),
        }));
        var model = new TestModel().Endpoint("m", caller, Retrying(3)).Endpoint("other", ScriptedCaller.Answering("42"))
            .Route("chain", "fallback-chain", null, "m", "other");
        await using var cluster = await StartAsync(model);

        var reply = await cluster.AskAsync("acme", "chain", silo: 0, ct: Ct);

        Assert.Equal(["m", "other"], reply.Attempts.Select(a => a.Endpoint.Value));
        Assert.Equal(AttemptBlame.ProviderLimit, reply.Attempts[0].Blame);
    }

    [Fact]
    public async Task Stream_FailsBeforeTheFirstWord_IsRepeatedUnseen()
    {
        var calls = 0;
        var caller = new StreamingCaller((_, sink, _) => Task.FromResult(Interlocked.Increment(ref calls) == 1 ? Failed() : Say(sink)));
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", caller, Retrying(1)));

        var updates = await Stream(cluster).ToListAsync(Ct);

        Assert.Equal("forty-two", string.Concat(updates.Select(u => u.Text)));
        Assert.Equal(2, updates[^1].Reply!.Attempts.Length);
    }

    [Fact]
    public async Task Stream_FailsAfterTheFirstWord_IsNotRepeatedEvenIfUnbilled()
    {
        var caller = new StreamingCaller((_, sink, _) =>
        {
            sink.Accept("forty");
            return Task.FromResult(Failed());
        });
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", caller, Retrying(3)));

        var updates = await Stream(cluster).ToListAsync(Ct);

        Assert.Equal(CascadeStatus.StreamBroken, updates[^1].Reply!.Status);
        Assert.Single(caller.Streamed);
    }

    private static ModelCallResult Say(IModelStreamSink sink)
    {
        sink.Accept("forty-two");
        return ScriptedCaller.Answer("forty-two", 1, 1);
    }

    private static ModelCallResult Failed() => new() { Status = ModelCallStatus.ProviderError, Billing = BillingCertainty.NotBilled, Error = "http-503" };

    private static ScriptedCaller FailingFirst(int count, ModelCallStatus status, BillingCertainty billing)
    {
        var calls = 0;
        return new ScriptedCaller((_, _) => Task.FromResult(Interlocked.Increment(ref calls) <= count
            ? new ModelCallResult { Status = status, Billing = billing, Error = "scripted" }
            : ScriptedCaller.Answer("42", 10, 10)));
    }

    private static Func<EndpointModel, EndpointModel> Retrying(int retries) =>
        e => e with { Reliability = new ReliabilityModel { Retries = retries, RetryBackoff = TimeSpan.FromMilliseconds(1) } };

    private static Task<CascadeTestCluster> StartAsync(TestModel model) => CascadeTestCluster.StartAsync(1, model.Account("acme", 10_000 * Token).Build());

    private static IAsyncEnumerable<CascadeUpdate> Stream(CascadeTestCluster cluster) =>
        cluster.Client.GetGrain<ICascadeRouterGrain>(0).StreamAsync(CascadeTestCluster.Request("acme", "m"), Ct);
}
