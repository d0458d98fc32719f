using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Cascade.Verification;
using Xunit;

namespace Cascade.Cluster.Tests.Routing;

/// <summary>Requests for what not every provider can do.</summary>
public sealed class FeatureTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Wishes => new() { { "logprobs", "no-logprobs" }, { "strict", "no-strict-format" } };

    [Theory]
    [MemberData(nameof(Wishes))]
    public async Task Complete_EndpointCannotDoWhatIsAskedFor_IsPassedOverFreeOfChargeOrRefused(string wish, string error)
    {
        var poor = ScriptedCaller.Answering("41");
        var model = new TestModel()
            .Endpoint("poor", poor, e => e with { Features = EndpointFeatures.None })
            .Endpoint("able", ScriptedCaller.Answering("42"))
            .Account("acme", 10_000 * TestModel.TokenNanos)
            .Route("cascade", "fallback-chain", verifier: null, "poor", "able");
        await using var cluster = await CascadeTestCluster.StartAsync(1, model.Build());

        var reply = await AskAsync(cluster, "cascade", wish);
        var refused = await AskAsync(cluster, "poor", wish);
        var plain = await AskAsync(cluster, "poor", "nothing");

        Assert.Equal((CascadeStatus.Answered, "able"), (reply.Status, reply.Endpoint.Value));
        Assert.Equal((error, Booking.None, 0L), (reply.Attempts[0].Error, reply.Attempts[0].Booking, reply.Attempts[0].ReservedNanos));
        Assert.Equal(CascadeStatus.InvalidRequest, refused.Status);
        Assert.Contains(wish, refused.Problem, StringComparison.Ordinal);
        Assert.Equal("41", plain.Text);
        Assert.Single(poor.Served);
    }

    [Fact]
    public async Task Complete_OnlyTheJudgeWouldLikeLogProbabilities_EndpointIsAskedAllTheSame()
    {
        var judge = VerifierFactory.Create(new VerifierConfig { Kind = "token-logprob" });
        var model = new TestModel()
            .Endpoint("poor", ScriptedCaller.Answering("41"), e => e with { Features = EndpointFeatures.None, Quality = 0.7 })
            .Endpoint("able", ScriptedCaller.Answering("42"), e => e with { Quality = 0.95 })
            .Account("acme", 10_000 * TestModel.TokenNanos)
            .Route("cascade", "threshold-pair", judge, "poor", "able");
        await using var cluster = await CascadeTestCluster.StartAsync(1, model.Build());

        var reply = await AskAsync(cluster, "cascade", "nothing");

        Assert.Equal((AttemptOutcome.Answered, "poor"), (reply.Attempts[0].Outcome, reply.Attempts[0].Endpoint.Value));
    }

    private static Task<CascadeReply> AskAsync(CascadeTestCluster cluster, string model, string wish)
    {
        var request = CascadeTestCluster.Request("acme", model);
        return cluster.Silo(0).GetGrain<ICascadeRouterGrain>(0).CompleteAsync(
            wish switch
            {
                "logprobs" => request with { TopLogProbabilities = 0 },
                "strict" => request with
                {
                    Format = new AnswerFormat { Kind = AnswerFormatKind.JsonSchema, SchemaName = "reply", SchemaJson = """{"type":"object"}""", Strict = true },
                },
                _ => request,
            },
            Ct);
    }
}
