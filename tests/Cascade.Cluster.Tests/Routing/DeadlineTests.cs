using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Cluster.Tests.Routing;

/// <summary>A request whose time is up while its caller still waits: what was paid for is given, when it can be.</summary>
public sealed class DeadlineTests
{
    private const long Token = TestModel.TokenNanos;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_TheCallUnderWayEndsAfterTheDeadline_ItsAnswerIsGiven()
    {
        var caller = new ScriptedCaller(async (_, ct) =>
        {
            await Task.Delay(Deadline * 1.5, TimeProvider.System, ct);
            return ScriptedCaller.Answer("42", 1, 10);
        });
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", caller, static e => e with { DrainOnCancel = true }));

        var reply = await cluster.AskAsync("acme", "m", silo: 0, ct: Ct);

        Assert.Equal((CascadeStatus.Answered, "42", 10 * Token), (reply.Status, reply.Text, reply.CostNanos));
    }

    [Fact]
    public async Task Complete_TheDeadlinePassesWhileTheSecondModelWorks_TheDraftIsGiven()
    {
        await using var cluster = await StartAsync(Escalating(ScriptedCaller.Answering("41")));

        var reply = await cluster.AskAsync("acme", "cascade", silo: 0, ct: Ct);

        Assert.Equal((CascadeStatus.Answered, "41", "weak"), (reply.Status, reply.Text, reply.Endpoint.Value));
        Assert.Equal(["weak", "strong"], reply.Attempts.Where(static a => a.Purpose != AttemptPurpose.Verification).Select(static a => a.Endpoint.Value));
    }

    [Fact]
    public async Task Complete_TheDeadlinePassesWithoutAnAnswer_IsNoFaultOfTheCallers()
    {
        await using var cluster = await StartAsync(Escalating(new ScriptedCaller(static (_, _) =>
            Task.FromResult(new ModelCallResult { Status = ModelCallStatus.ProviderError, Billing = BillingCertainty.NotBilled, Error = "http-500" }))));

        var reply = await cluster.AskAsync("acme", "cascade", silo: 0, ct: Ct);

        Assert.Equal(CascadeStatus.DeadlinePassed, reply.Status);
        Assert.True(reply.Status.IsTransient());
    }

    private static TestModel Escalating(ScriptedCaller weak)
    {
        var strong = new ScriptedCaller(static async (_, ct) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            return ScriptedCaller.Answer("42", 1, 10);
        });
        var model = new TestModel().Endpoint("weak", weak).Endpoint("judge", ScriptedCaller.Answering("40")).Endpoint("strong", strong);
        return model.Route("cascade", "threshold-pair", new Cascade.Verification.AgreementVerifier("judge"), "weak", "strong");
    }

    private static Task<CascadeTestCluster> StartAsync(TestModel model) => CascadeTestCluster.StartAsync(
        1, model.Account("acme", 100_000 * Token).Build(), static o => o.RequestDeadline = Deadline);
}
