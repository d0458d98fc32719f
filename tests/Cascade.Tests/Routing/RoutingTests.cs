using Cascade.Planning.Decisions;
using Cascade.Planning.Estimation;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Plans;
using Cascade.Planning.Routing;
using Cascade.Planning.Scoring;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Routing;

public sealed class RoutingTests
{
    private static readonly Gen<double> Cost = Gen.Frequency((1, Gen.Const(0.0)), (1, Gen.Const(1.0)), (4, Gen.Double[1e-6, 10]));
    private static readonly Gen<double> Quality = Gen.Frequency((1, Gen.Const(0.5)), (1, Gen.OneOf(Gen.Const(0.0), Gen.Const(1.0))), (4, Gen.Double[0, 1]));

    private static readonly Gen<PriorMatrix> Worlds = Gen.Select(Gen.Int[1, 4], Gen.Int[1, 12]).SelectMany((models, rows) => Gen.Select(
        Quality.Array[models * rows], Cost.Array[models * rows], (quality, cost) => new PriorMatrix(models, quality, cost)));

    [Theory]
    [InlineData(3, new[] { 0.6, 0.8, 0.9 }, new[] { 1.0, 5, 20 }, 0.05, 0.5, 0.70)]
    [InlineData(10, new[] { 0.6, 0.8, 0.9 }, new[] { 1.0, 5, 20 }, 1.0 / 150, 1.0 / 3, 0.8333333333)]
    [InlineData(6, new[] { 0.6, 0.65, 0.9 }, new[] { 1.0, 6, 11 }, 0.03, 0.5, 0.75)]
    public void T2_1_KnownModels_PriceMixAndQualityOfABudget(double budget, double[] quality, double[] cost, double price, double share, double expected)
    {
        var router = new EstimatedRouter(new PriorMatrix(3, quality, cost), [0, 1, 2], null);

        var choice = LagrangianSearch.AtBudget(router.At, budget);

        Assert.Equal(FrontierFit.Binding, choice.Fit);
        Assert.Equal(price, choice.Price, 1e-6);
        Assert.Equal(price, choice.DearerPrice, 1e-6);
        Assert.Equal(share, choice.DearerShare, 1e-6);
        Assert.Equal(expected, choice.Quality, 1e-6);
        Assert.Equal(budget, choice.CostUsd, 1e-6);
    }

    [Fact]
    public void T1_9_SameSignalBeforehand_SavesTheDraftsThatAreThrownAway()
    {
        const int N = 1000;
        var table = RoutingTables.Of(
            Enumerable.Range(0, N).Select(i => (new OutcomeQuery { Id = $"q{i}" }, new[] { (i + 0.5) / N, 0.9 }, new[] { 1.0, 10 })), ["low", "high"]);
        var models = RoutingTables.Profiles(table);
        double[] quality = [.. Enumerable.Range(0, N).SelectMany(i => new[] { (i + 0.5) / N, 0.9 })];
        double[] cost = [.. Enumerable.Range(0, N).SelectMany(_ => new[] { 1.0, 10 })];
        var scores = new ScoreMatrix([[.. table.Quality(0)], [.. table.Quality(1)]]);
        var evidence = new Evidence(table, scores, new PriorMatrix(2, quality, cost));

        var routed = PolicyEvaluator.Run(new RouterSpec { Models = [0, 1] }.Compile(models), evidence, 0.3 / 9);
        var cascaded = PolicyEvaluator.Run(ChainSpec.Pair(0, 1, 0.6).Compile(models), evidence, 0);

        Assert.Equal(6.4, routed.MeanCostUsd, 1e-6);
        Assert.Equal(7.0, cascaded.MeanCostUsd, 1e-6);
        Assert.Equal(cascaded.MeanQuality, routed.MeanQuality, 1e-6);
    }

    [Fact]
    public void T2_6_HigherPrice_NeverCostsOrDeliversMoreByTheEstimates() => Gen.Select(Worlds, Gen.Double[0, 3], Gen.Double[0, 3]).Sample((priors, one, other) =>
    {
        var router = new EstimatedRouter(priors, All(priors), null);
        var (low, high) = (router.At(Math.Min(one, other)), router.At(Math.Max(one, other)));
        return low.CostUsd >= high.CostUsd - 1e-9 && low.Quality >= high.Quality - 1e-9;
    });

    [Fact]
    public void AtBudget_AnyEstimates_IsTheHullOfEveryPrice() => Gen.Select(Worlds, Gen.Double[0, 1]).Sample((priors, place) =>
    {
        var router = new EstimatedRouter(priors, All(priors), null);
        var steps = RoutingSteps.Of(priors, All(priors));
        var prices = steps.Prices.ToArray();
        double[] between = [0, .. prices.Select((p, i) => ((i + 1 < prices.Length ? prices[i + 1] : 0) + p) / 2), 2 * prices.Append(1).Max()];
        var hull = CostFrontier.Of([.. between.Select((p, i) => router.At(p) with { Policy = i })]);
        var budget = steps.CheapestUsd + (place * (steps.DearestUsd - steps.CheapestUsd));

        var choice = LagrangianSearch.AtBudget(router.At, budget);

        Assert.True(choice.CostUsd <= budget + 1e-9, $"{choice.CostUsd} is spent of {budget}");
        Assert.Equal(hull.AtBudget(budget).Quality, choice.Quality, 1e-6);
    });

    [Fact]
    public void Grid_AnyEstimates_RisesFromZeroToAboveEveryStep() => Worlds.Sample(priors =>
    {
        var steps = RoutingSteps.Of(priors, All(priors));
        var grid = steps.Grid(10);
        var router = new EstimatedRouter(priors, All(priors), null);
        Assert.Equal(grid.Distinct().Order(), grid);
        Assert.InRange(grid.Length, 1, 10);
        Assert.Equal(0, grid[0]);
        Assert.Equal(steps.CheapestUsd, router.At(grid[^1]).CostUsd, 1e-9);
        Assert.Equal(steps.DearestUsd, router.At(0).CostUsd, 1e-9);
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (single, steep, flat, ties, free) = (0, 0, 0, 0, 0);
        Worlds.Sample(
            priors =>
            {
                var steps = RoutingSteps.Of(priors, All(priors));
                single += priors.ModelCount == 1 ? 1 : 0;
                flat += steps.Prices.IsEmpty ? 1 : 0;
                steep += steps.Prices.Length > priors.RowCount ? 1 : 0;
                ties += steps.Prices.ToArray().Distinct().Count() < steps.Prices.Length ? 1 : 0;
                free += steps.CheapestUsd == 0 ? 1 : 0;
            },
            iter: 2_000, threads: 1);

        Assert.All([single, steep, flat, free], n => Assert.InRange(n, 20, 1_990));
        Assert.True(ties >= 5, $"{ties} ties");
    }

    [Fact]
    public void AtBudget_MeasuredCostDoesNotFallWithThePrice_ReturnsAnEndThatWasRunAndKeepsToTheBudget()
    {
        FrontierPoint Odd(double price) => price < 1 ? new(10, 0.9, 0) : price < 2 ? new(3, 0.8, 0) : price < 3 ? new(6, 0.5, 0) : new(2, 0.4, 0);

        var choice = LagrangianSearch.AtBudget(Odd, 4);

        Assert.True(choice.CostUsd <= 4);
        Assert.True(choice.Quality >= 0.45, $"{choice.Quality}");
        Assert.True(Odd(choice.Price).CostUsd <= 4);
    }

    [Theory]
    [InlineData(0.5, FrontierFit.Infeasible, 0.6)]
    [InlineData(25, FrontierFit.Slack, 0.9)]
    [InlineData(20, FrontierFit.Slack, 0.9)]
    public void AtBudget_OutsideTheFamily_SaysSo(double budget, FrontierFit fit, double quality)
    {
        var router = new EstimatedRouter(new PriorMatrix(3, [0.6, 0.8, 0.9], [1, 5, 20]), [0, 1, 2], null);

        var choice = LagrangianSearch.AtBudget(router.At, budget);

        Assert.Equal((fit, quality, 0.0), (choice.Fit, choice.Quality, choice.DearerShare));
        Assert.Throws<ArgumentOutOfRangeException>(() => LagrangianSearch.AtBudget(router.At, double.NaN));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(0.01, 1)]
    [InlineData(0.05, 0)]
    [InlineData(1, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    public void Decide_Price_PicksTheBestValueAndOfEqualsTheCheaper(double price, int model)
    {
        var policy = Router((0.6, 1), (0.8, 5), (0.9, 20));

        Assert.Equal(new Decision(DecisionKind.Call, model, DecisionReason.BestExpectedValue), Decide(policy, price, new ModelOutcome[3]));
    }

    [Fact]
    public void Decide_OneFailsAfterTheOther_FallsBackByValueAndEnds()
    {
        var policy = Router((0.6, 1), (0.8, 5), (0.9, 20));
        var outcomes = new ModelOutcome[3];
        var called = new List<int>();
        var decision = Decide(policy, 0.01, outcomes);
        for (; decision.Kind == DecisionKind.Call; decision = Decide(policy, 0.01, outcomes))
        {
            called.Add(decision.Model);
            Assert.Equal(called.Count == 1 ? DecisionReason.BestExpectedValue : DecisionReason.Fallback, decision.Reason);
            outcomes[decision.Model] = new ModelOutcome(called.Count == 2 ? OutcomeKind.Unaffordable : OutcomeKind.Failed, double.NaN);
        }

        Assert.Equal([1, 2, 0], called);
        Assert.Equal(new Decision(DecisionKind.Abstain, -1, DecisionReason.Exhausted), decision);
        outcomes[2] = new ModelOutcome(OutcomeKind.Answered, double.NaN);
        Assert.Equal(new Decision(DecisionKind.Accept, 2, DecisionReason.LastModel), Decide(policy, 0.01, outcomes));
        Assert.DoesNotContain(true, Enumerable.Range(0, 3).Select(policy.ReadsScoreOf));
    }

    [Fact]
    public void Decide_EstimatesOfTheRequest_GoBeforeTheProfiles()
    {
        var policy = Router((0.6, 1), (0.8, 5), (0.9, 20));
        double[] quality = [0.95, 0.2, double.NaN];
        double[] cost = [1, 5, 0.5];

        Assert.Equal(0, policy.Decide(new DecisionState { Outcomes = new ModelOutcome[3], ShadowPrice = 0, PriorQuality = quality }).Model);
        Assert.Equal(2, policy.Decide(new DecisionState { Outcomes = new ModelOutcome[3], ShadowPrice = 1, PriorQuality = quality, PriorCostUsd = cost }).Model);
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 0, 0 })]
    [InlineData(new[] { 3 })]
    [InlineData(new[] { -1 })]
    public void Compile_ModelsThatDoNotFit_Throws(int[] models) =>
        Assert.Throws<ArgumentException>(() => new RouterSpec { Models = [.. models] }.Compile(RoutingTables.Profiles((0.6, 1), (0.8, 5), (0.9, 20))));

    [Fact]
    public void EstimateAndDecide_Warm_AllocateNothing()
    {
        var table = RoutingTables.TwoKinds(60, withTask: true);
        var fitted = new RouterStrategy(new LogisticTrainer()).Fit(RoutingTables.Context(table));
        var (estimator, policy) = (fitted.Estimator!.Compile(), fitted.Candidates[3].Policy.Compile(RoutingTables.Profiles(table)));
        var (quality, cost, outcomes) = (new double[2], new double[2], new ModelOutcome[2]);
        var decided = 0;

        void Once()
        {
            estimator.Estimate(new QueryFacts { Text = "spell tiger", InputTokens = 3 }, quality, cost);
            decided += policy.Decide(new DecisionState { Outcomes = outcomes, ShadowPrice = 3, PriorQuality = quality, PriorCostUsd = cost }).Model;
        }

        Once();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Once();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.InRange(decided, 0, 101);
    }

    [Theory]
    [InlineData("router-task-mean")]
    [InlineData("router-knn")]
    [InlineData("router-logistic")]
    [InlineData("optimal-routing")]
    public void Fit_TwoKindsOfQuestions_BeatsEveryMixOfModels(string name)
    {
        var strategy = FittableStrategies.All.Single(s => s.Name == name);
        var context = RoutingTables.Context(RoutingTables.TwoKinds(400, withTask: true));

        var fitted = strategy.Fit(context);

        var evidence = Evidence.For(fitted, context.Outcomes);
        var results = fitted.Candidates.Select(c => PolicyEvaluator.Run(c.Policy.Compile(context.Models), evidence, c.Price)).ToArray();
        var hull = CostFrontier.Of([.. results.Select((r, i) => new FrontierPoint(r.MeanCostUsd, r.MeanQuality, i))]);
        Assert.Null(strategy.Unfit(context));
        Assert.InRange(fitted.Candidates.Length, 2, context.Options.MaxCandidates);
        Assert.All(results, r => Assert.Equal(0, r.EscalationRate));

        // Half the questions need the strong model at 0.015; mixing models blindly buys 0.5 + 0.4 · share there.
        var direct = CostFrontier.Of([.. context.Models.Select((m, i) => new FrontierPoint(m.CostUsd, m.Quality, i))]);
        Assert.True(hull.AtBudget(0.0081).Quality > direct.AtBudget(0.0081).Quality + 0.1, $"{hull.AtBudget(0.0081).Quality}");
    }

    [Fact]
    public void Fit_FewCandidatesAllowed_KeepsToTheLimit()
    {
        var context = RoutingTables.Context(RoutingTables.TwoKinds(60, withTask: true), new FitOptions { MaxCandidates = 5 });

        Assert.InRange(new RouterStrategy(new PerTaskMeanTrainer()).Fit(context).Candidates.Length, 2, 5);
        Assert.InRange(new OptimalRoutingStrategy(new PerTaskMeanTrainer()).Fit(context).Candidates.Length, 2, 5);
    }

    private static int[] All(PriorMatrix priors) => [.. Enumerable.Range(0, priors.ModelCount)];

    private static IDecisionPolicy Router(params (double Quality, double CostUsd)[] models) =>
        new RouterSpec { Models = [.. Enumerable.Range(0, models.Length)] }.Compile(RoutingTables.Profiles(models));

    private static Decision Decide(IDecisionPolicy policy, double price, ModelOutcome[] outcomes) =>
        policy.Decide(new DecisionState { Outcomes = outcomes, ShadowPrice = price });
}
