using System.Security.Cryptography;
using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Planning.CascadeRouting;
using Cascade.Planning.Decisions;
using Cascade.Planning.Estimation;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Planning;
using Cascade.Verification;
using Xunit;

namespace Cascade.Cluster.Tests.Routing;

/// <summary>A route that serves a plan of three points: the cheap model, a pair with the threshold 0.5, the strong model; λ is 50, then 10.</summary>
public sealed class PlanTests
{
    private const long Cost = 10 * TestModel.TokenNanos;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

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

    [Fact]
    public async Task Complete_ScoreTooLowForThePlan_IsAbstainedAndPaidFor()
    {
        var policy = new ChainSpec { Models = [0, 1], Thresholds = [0.5], AbstainAtMost = [0.1, double.NegativeInfinity] };
        await using var cluster = await StartAsync(new FixedVerifier(0.1), costWeight: 0, plan: TestPlans.Of(policy));

        var reply = await cluster.AskAsync("acme", "planned", silo: 0, ct: Ct);

        Assert.Equal((CascadeStatus.Abstained, "", Cost), (reply.Status, reply.Text, reply.CostNanos));
        Assert.Contains("scored so low", reply.Problem, StringComparison.Ordinal);
        Assert.Equal(["start", "score-too-low"], reply.Decisions.Select(decision => decision.Reason));
    }

    [Fact]
    public async Task Complete_EstimatorAgainstTheProfiles_DecidesAndIsRecorded()
    {
        var judge = new FixedVerifier(0);
        var means = new ModelMeans { Quality = [0.9, 0.6], CostUsd = [0.002, 0.02] };
        var plan = TestPlans.Of(new RouterSpec { Models = [0, 1] }) with { Estimator = new MeanEstimator { Means = means } };
        await using var cluster = await StartAsync(judge, costWeight: 0, plan: plan);

        var reply = await cluster.AskAsync("acme", "planned", silo: 0, ct: Ct);

        var attempt = Assert.Single(reply.Attempts);
        Assert.Equal(("cheap", AttemptPurpose.Draft, 0), (attempt.Endpoint.Value, attempt.Purpose, judge.Asked));
        Assert.Equal(["best-expected-value", "last-model"], reply.Decisions.Select(decision => decision.Reason));
        Assert.All(reply.Decisions, decision => Assert.Equal(means.Quality, decision.Plan!.EstimatedQuality));
        Assert.All(reply.Decisions, decision => Assert.Equal(means.CostUsd, decision.Plan!.EstimatedCostUsd));
    }

    [Fact]
    public async Task Complete_PointThatReadsNoEstimates_MakesNone()
    {
        var plan = TestPlans.CheapPairStrong with { Estimator = new MeanEstimator { Means = new ModelMeans { Quality = [0.9, 0.6], CostUsd = [1, 1] } } };
        await using var cluster = await StartAsync(new FixedVerifier(1), costWeight: 20, plan: plan);

        var reply = await cluster.AskAsync("acme", "planned", silo: 0, ct: Ct);

        Assert.All(reply.Decisions, decision => Assert.Empty(decision.Plan!.EstimatedQuality));
    }

    [Theory]
    [InlineData(10, "cheap")]
    [InlineData(11, "strong")]
    public async Task Complete_ScoreOfTokens_NeedsNoJudge(double threshold, string endpoint)
    {
        var judge = new FixedVerifier(1);
        var plan = TestPlans.Of(ChainSpec.Pair(0, 1, threshold)) with { ScoreModels = [new SignalScore { Signal = ScoreMatrix.OutputTokens }, null] };
        await using var cluster = await StartAsync(judge, costWeight: 0, plan: plan);

        var reply = await cluster.AskAsync("acme", "planned", silo: 0, ct: Ct);

        Assert.Equal((endpoint, 0), (reply.Endpoint.Value, judge.Asked));
        Assert.Equal((double.NaN, 10), (reply.Attempts[0].Score, reply.Attempts[0].PlanScore));
    }

    [Fact]
    public async Task Complete_GainWorthItsPrice_IsAnEscalationAndTheTraceRecomputesIt()
    {
        var evidence = EvidenceModel.PriorsOnly(2) with
        {
            PriorIntercept = [0.6, 0.7],
            PriorSlope = [0, 0],
            ScoreIntercept = [0.6, 0.7],
            ScoreScale = [1, 1],
            QualityScoreCovariance = [0.09, 0, 0, 0.04],
            ScoreCovariance = [0.09, 0, 0, 0.04],
        };
        var plan = TestPlans.Of(new CascadeRoutingSpec { Models = [0, 1], Evidence = evidence }, price: 5);
        await using var cluster = await StartAsync(new FixedVerifier(0.1), costWeight: 3, plan: plan);

        var reply = await cluster.AskAsync("acme", "planned", silo: 0, ct: Ct);

        Assert.Equal([AttemptPurpose.Draft, AttemptPurpose.Escalation], reply.Attempts.Select(attempt => attempt.Purpose));
        Assert.Equal(["best-expected-value", "gain-worth-price", "last-model"], reply.Decisions.Select(decision => decision.Reason));
        Assert.True(reply.Escalated);
        AssertRecomputes(plan, reply);
    }

    [Theory]
    [InlineData(0.2, 20)]
    [InlineData(0.7, 20)]
    [InlineData(0.2, 60)]
    public async Task Complete_PointsOfAPlan_AreRecomputedFromTheTrace(double score, double costWeight)
    {
        await using var cluster = await StartAsync(new FixedVerifier(score), costWeight);

        AssertRecomputes(TestPlans.CheapPairStrong, await cluster.AskAsync("acme", "planned", silo: 0, ct: Ct));
    }

    /// <summary>Decides again from nothing but the plan document and the reply.</summary>
    private static void AssertRecomputes(PlanDocument plan, CascadeReply reply)
    {
        var choice = reply.Decisions[0].Plan!;
        Assert.Equal((plan.Name, Convert.ToHexStringLower(SHA256.HashData(PlanJson.Write(plan)))), (choice.Name, choice.Sha256));
        Assert.Equal(PlanPolicy.Compile(plan).AtPrice(reply.Decisions[0].ShadowPrice).Point, choice.Point);
        var policy = plan.Points[choice.Point].Policy.Compile(
            [.. plan.Models.Select(model => new ModelProfile { Name = model.Name, Quality = model.Quality, CostUsd = model.CostUsd })]);
        var outcomes = new ModelOutcome[plan.Models.Length];
        for (var step = 0; step < reply.Decisions.Length; step++)
        {
            if (step > 0)
            {
                var attempt = reply.Attempts[step - 1];
                outcomes[plan.Models.Select(model => model.Name).ToList().IndexOf(attempt.Endpoint.Value)] = new ModelOutcome(OutcomeKind.Answered, attempt.PlanScore);
            }

            var again = policy.Decide(new DecisionState
            {
                Outcomes = outcomes,
                ShadowPrice = choice.Price,
                PriorQuality = choice.EstimatedQuality.AsSpan(),
                PriorCostUsd = choice.EstimatedCostUsd.AsSpan(),
            });
            var recorded = reply.Decisions[step];
            Assert.Equal(recorded.Action, again.Kind.ToString().ToLowerInvariant());
            Assert.Equal(recorded.Endpoint, again.Model < 0 ? "" : plan.Models[again.Model].Name);
            Assert.Equal(recorded.Reason.Replace("-", "", StringComparison.Ordinal), again.Reason.ToString().ToLowerInvariant());
        }
    }

    private static Task<CascadeTestCluster> StartAsync(IVerifier judge, double costWeight, double? budgetUsd = null, PlanDocument? plan = null) => CascadeTestCluster.StartAsync(
        1,
        new TestModel()
            .Endpoint("cheap", ScriptedCaller.Answering("41"))
            .Endpoint("strong", ScriptedCaller.Answering("42"))
            .Account("acme", null)
            .PlanRoute("planned", plan ?? TestPlans.CheapPairStrong, judge, costWeight, budgetUsd)
            .Build());

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
