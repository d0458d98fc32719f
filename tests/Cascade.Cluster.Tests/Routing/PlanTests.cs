using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;
using Cascade.TestKit.Grains;
using Cascade.Verification;
using Xunit;

namespace Cascade.Cluster.Tests.Routing;

/// <summary>A route that serves a plan of three points: the cheap model, a pair with the threshold 0.5, the strong model; λ is 50, then 10.</summary>
public sealed class PlanTests
{
    private const long Cost = 10 * TestModel.TokenNanos;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static PlanDocument Plan { get; } = new()
    {
        Name = "test",
        FittedAt = DateTimeOffset.UnixEpoch,
        Strategy = "pairwise-envelope",
        Data = new PlanData
        {
            Sha256 = new string('0', 64),
            Queries = 10,
            FitShare = 0.4,
            ChooseShare = 0.3,
            Salt = "",
            FitRows = 4,
            ChooseRows = 3,
            ReportRows = 3,
        },
        Models =
        [
            new PlanModel { Name = "cheap", Quality = 0.6, CostUsd = 0.001, JudgeCostUsd = 0, Rows = 4 },
            new PlanModel { Name = "strong", Quality = 0.9, CostUsd = 0.01, JudgeCostUsd = 0, Rows = 4 },
        ],
        ScoreModels = [new SignalScore { Signal = "judge" }, null],
        ScoreSets = [],
        Estimator = null,
        Points = [Point(ChainSpec.Direct(0), 0.001, 0.6), Point(ChainSpec.Pair(0, 1, 0.5), 0.005, 0.8), Point(ChainSpec.Direct(1), 0.01, 0.85)],
        Prices = [(0.8 - 0.6) / (0.005 - 0.001), (0.85 - 0.8) / (0.01 - 0.005)],
        WarmStart = [],
        Switches = [],
        Report = null,
    };

    [Theory]
    [InlineData(0.49, "strong", true)]
    [InlineData(0.5, "cheap", false)]
    public async Task Complete_DraftBelowThePlansThreshold_IsEscalated(double score, string endpoint, bool escalated)
    {
        var judge = new FixedVerifier(score);
        await using var cluster = await StartAsync(judge, costWeight: 20);

        var reply = await cluster.AskAsync("acme", "planned", silo: 0, ct: Ct);

        Assert.Equal((endpoint, escalated, 1), (reply.Endpoint.Value, reply.Escalated, judge.Asked));
        Assert.Equal(score, reply.Attempts[0].Score);
        Assert.Equal(escalated ? 2 * Cost : Cost, reply.CostNanos);
    }

    [Theory]
    [InlineData(0, "strong")]
    [InlineData(60, "cheap")]
    public async Task Complete_PriceBeyondThePair_TakesAPointThatJudgesNothing(double price, string endpoint)
    {
        var judge = new FixedVerifier(0);
        await using var cluster = await StartAsync(judge, price);

        var reply = await cluster.AskAsync("acme", "planned", silo: 0, ct: Ct);

        Assert.Equal((endpoint, 1, 0), (reply.Endpoint.Value, reply.Attempts.Length, judge.Asked));
    }

    [Fact]
    public async Task Complete_BudgetBetweenPoints_MixesThemByRequest()
    {
        await using var cluster = await StartAsync(new FixedVerifier(1), costWeight: 0, budgetUsd: 0.0075);

        var endpoints = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            var request = CascadeTestCluster.Request("acme", "planned") with { Operation = new OperationId($"question-{i}") };
            var router = cluster.Client.GetGrain<ICascadeRouterGrain>(0);
            var first = await router.CompleteAsync(request, Ct);
            var retry = await router.CompleteAsync(request, Ct);
            Assert.Equal(first.Endpoint, retry.Endpoint);
            endpoints.Add(first.Endpoint.Value);
        }

        Assert.InRange(endpoints.Count(endpoint => endpoint == "strong"), 5, 35);
    }

    [Fact]
    public async Task Complete_MoneyDearerThanTheBudgetSays_TakesTheCheaperPoint()
    {
        await using var cluster = await StartAsync(new FixedVerifier(0), costWeight: 60, budgetUsd: 1);

        Assert.Equal("cheap", (await cluster.AskAsync("acme", "planned", silo: 0, ct: Ct)).Endpoint.Value);
    }

    private static Task<CascadeTestCluster> StartAsync(IVerifier judge, double costWeight, double? budgetUsd = null) => CascadeTestCluster.StartAsync(
        1,
        new TestModel()
            .Endpoint("cheap", ScriptedCaller.Answering("41"))
            .Endpoint("strong", ScriptedCaller.Answering("42"))
            .Account("acme", null)
            .PlanRoute("planned", Plan, judge, costWeight, budgetUsd)
            .Build());

    private static PlanPoint Point(PolicySpec policy, double cost, double quality) => new()
    {
        Policy = policy,
        Price = 0,
        ScoreSet = null,
        CostUsd = new PlanFigure(cost, double.NaN, double.NaN),
        Quality = new PlanFigure(quality, double.NaN, double.NaN),
        EscalationRate = 0,
        AbstentionRate = 0,
    };

    private sealed class FixedVerifier(double score) : IVerifier
    {
        private int _asked;

        public string Name => "fixed";

        public int Asked => _asked;

        public ValueTask<Verdict> VerifyAsync(Draft draft, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return ValueTask.FromResult(new Verdict { Verifier = Name, Score = score });
        }
    }
}
