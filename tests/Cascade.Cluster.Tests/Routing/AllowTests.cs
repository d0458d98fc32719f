using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Planning;
using Cascade.Verification;
using Xunit;

namespace Cascade.Cluster.Tests.Routing;

/// <summary>What an account or a request does not allow is not called, and everything that is allowed still is.</summary>
public sealed class AllowTests
{
    private static readonly EndpointFilter Eu = new() { Regions = ["eu"] };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("us")]
    [InlineData("both-us")]
    public async Task Complete_NothingIsAllowed_NamesTheFilterAndWhomItLeftOut(string model)
    {
        var (eu, us) = (ScriptedCaller.Answering("42"), ScriptedCaller.Answering("41"));
        await using var cluster = await StartAsync(Two(eu, us).Route("both-us", "single-model", null, "us"));

        var reply = await cluster.AskAsync("acme", model, ct: Ct);

        Assert.Equal((CascadeStatus.NotAllowed, false), (reply.Status, reply.Status.IsTransient()));
        Assert.Equal(
            $"nothing of '{model}' may answer: account 'acme' allows regions eu, which leaves out 'us' (region us); ask another model, or allow more", reply.Problem);
        Assert.Empty(us.Served);
        Assert.Equal(0, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos);
    }

    [Theory]
    [InlineData("fallback-chain", "us", "eu")]
    [InlineData("threshold-pair", "us", "eu")]
    [InlineData("threshold-pair", "eu", "us")]
    public async Task Complete_PartOfARouteIsAllowed_AnswersWithIt(string strategy, string first, string second)
    {
        var (eu, us) = (ScriptedCaller.Answering("42"), ScriptedCaller.Answering("41"));
        await using var cluster = await StartAsync(Two(eu, us).Route("both", strategy, new AgreementVerifier("us"), first, second));

        var reply = await cluster.AskAsync("acme", "both", ct: Ct);

        Assert.Equal((CascadeStatus.Answered, "eu", false), (reply.Status, reply.Endpoint.Value, reply.Escalated));
        Assert.Equal(AttemptPurpose.Draft, Assert.Single(reply.Attempts).Purpose);
        Assert.All(reply.Decisions, decision => Assert.Equal(["us"], decision.LeftOut));
        Assert.Empty(us.Served);
    }

    [Fact]
    public async Task Complete_JudgeIsNotAllowed_IsNotAskedAndHasNoOpinion()
    {
        var (eu, us) = (ScriptedCaller.Answering("42"), ScriptedCaller.Answering("41"));
        var model = Two(eu, us).Endpoint("strong", ScriptedCaller.Answering("43"), e => e with { Region = "eu" })
            .Route("judged", "threshold-pair", new AgreementVerifier("us"), "eu", "strong");
        await using var cluster = await StartAsync(model);

        var reply = await cluster.AskAsync("acme", "judged", ct: Ct);

        Assert.Equal(CascadeStatus.Answered, reply.Status);
        Assert.Contains(reply.Decisions.SelectMany(d => d.Verdicts), v => v.Evidence.Any(e => e.Contains("not-allowed", StringComparison.Ordinal)));
        Assert.Empty(us.Served);
    }

    [Fact]
    public async Task Complete_DeploymentOfAGroupIsNotAllowed_OnlyTheOthersAreCalled()
    {
        var failing = ScriptedCaller.Failing(ModelCallStatus.ProviderError, BillingCertainty.NotBilled);
        var us = ScriptedCaller.Answering("41");
        var model = new TestModel().Endpoint("eu", failing, e => In(e, "eu")).Endpoint("us", us, e => In(e, "us"));
        await using var cluster = await StartAsync(model);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal((CascadeStatus.ProviderFailed, 1), await cluster.AskAsync("acme", "group", silo: 0, ct: Ct) is var r ? (r.Status, r.Attempts.Length) : default);
        }

        Assert.Empty(us.Served);

        static EndpointModel In(EndpointModel endpoint, string region) => endpoint with { Region = region, Reliability = new ReliabilityModel { Group = "group" } };
    }

    [Theory]
    [InlineData(20)]
    [InlineData(0)]
    [InlineData(60)]
    public async Task Complete_PlansPointCallsWhatIsNotAllowed_AnotherPointOfThePlanAnswers(double price)
    {
        foreach (var left in new[] { "cheap", "strong" })
        {
            var (cheap, strong) = (ScriptedCaller.Answering("41"), ScriptedCaller.Answering("42"));
            var model = new TestModel().Endpoint("cheap", cheap).Endpoint("strong", strong)
                .PlanRoute("planned", TestPlans.CheapPairStrong, new AgreementVerifier("cheap"), price)
                .Account("acme", null).Having("acme", a => a with { Allow = new EndpointFilter { Endpoints = [left] } });
            await using var cluster = await CascadeTestCluster.StartAsync(1, model.Build());

            var reply = await cluster.AskAsync("acme", "planned", ct: Ct);

            Assert.Equal((CascadeStatus.Answered, left), (reply.Status, reply.Endpoint.Value));
            Assert.Empty((left == "cheap" ? strong : cheap).Served);
        }
    }

    [Fact]
    public async Task Complete_RequestAllowsLess_IsNarrowedAndNeverWidened()
    {
        var (eu, us) = (ScriptedCaller.Answering("42"), ScriptedCaller.Answering("41"));
        await using var cluster = await StartAsync(Two(eu, us).Route("both", "fallback-chain", null, "eu", "us"));

        var narrowed = await AskAsync(cluster, "beta", new EndpointFilter { Regions = ["us"] });
        var widened = await AskAsync(cluster, "acme", new EndpointFilter { Regions = ["us", "eu"] });
        var crossed = await AskAsync(cluster, "acme", new EndpointFilter { Regions = ["us"] });
        var misspelt = await AskAsync(cluster, "beta", new EndpointFilter { Regions = ["EU"] });

        Assert.Equal(("us", "eu"), (narrowed.Endpoint.Value, widened.Endpoint.Value));
        Assert.Equal((CascadeStatus.NotAllowed, CascadeStatus.NotAllowed), (crossed.Status, misspelt.Status));
        Assert.Contains("the request allows regions us, which leaves out 'eu' (region eu)", crossed.Problem, StringComparison.Ordinal);
        Assert.Equal((1, 1), (eu.Served.Count, us.Served.Count));
    }

    [Fact]
    public async Task List_ForAnAccount_HasOnlyWhatItMayUse()
    {
        var model = Two(ScriptedCaller.Answering("42"), ScriptedCaller.Answering("41")).Route("both", "fallback-chain", null, "eu", "us")
            .Route("far", "fallback-chain", null, "us");
        await using var cluster = await StartAsync(model);
        var catalog = cluster.Client.GetGrain<ICatalogGrain>(0);

        var acmes = await catalog.ListForAsync(new AccountId("acme/search"), Ct);
        var betas = await catalog.ListForAsync(new AccountId("beta"), Ct);

        Assert.Equal(["both", "eu"], acmes.Select(item => item.Name));
        Assert.Equal(["eu"], acmes[0].Endpoints.Select(e => e.Value));
        Assert.Equal(["both", "far", "eu", "us"], betas.Select(item => item.Name));
        Assert.Empty(await catalog.ListForAsync(new AccountId("nobody"), Ct));
    }

    [Fact]
    public async Task Complete_UnpricedEndpointIsNotAllowed_IsNoReasonToRefuse()
    {
        var model = new TestModel().Endpoint("eu", ScriptedCaller.Answering("42"), e => e with { Region = "eu" })
            .Endpoint("us", ScriptedCaller.Answering("41"), e => e with { Region = "us", Price = null }).Route("both", "fallback-chain", null, "us", "eu");
        await using var cluster = await StartAsync(model);

        Assert.Equal("eu", (await cluster.AskAsync("acme", "both", ct: Ct)).Endpoint.Value);
    }

    private static Task<CascadeReply> AskAsync(CascadeTestCluster cluster, string account, EndpointFilter allow) =>
        cluster.Client.GetGrain<ICascadeRouterGrain>(0).CompleteAsync(CascadeTestCluster.Request(account, "both") with { Allow = allow }, Ct);

    private static TestModel Two(ScriptedCaller eu, ScriptedCaller us) =>
        new TestModel().Endpoint("eu", eu, e => e with { Region = "eu" }).Endpoint("us", us, e => e with { Region = "us" });

    private static Task<CascadeTestCluster> StartAsync(TestModel model) => CascadeTestCluster.StartAsync(
        1,
        model.Account("acme", 10_000_000).Account("acme/*", null).Account("beta", null).Having("acme", a => a with { Allow = Eu }).Build());
}
