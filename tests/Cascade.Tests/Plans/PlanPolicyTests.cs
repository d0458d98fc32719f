using Cascade.Planning.Decisions;
using Cascade.Planning.Plans;
using Xunit;

namespace Cascade.Tests.Plans;

public sealed class PlanPolicyTests
{
    private static readonly PlanPolicy Policy = PlanPolicy.Compile(PlanSamples.Pair);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(9.9, 2)]
    [InlineData(10.1, 1)]
    [InlineData(49.9, 1)]
    [InlineData(50.1, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    public void AtPrice_BetweenSegments_IsTheVertexWorthMost(double price, int point) => Assert.Equal(point, Policy.AtPrice(price).Point);

    [Theory]
    [InlineData(0.0005, 0, 0.0)]
    [InlineData(0.003, 0, 0.5)]
    [InlineData(0.003, 1, 0.499)]
    [InlineData(0.0075, 1, 0.5)]
    [InlineData(0.0075, 2, 0.499)]
    [InlineData(1, 2, 0.999)]
    public void AtBudget_BetweenPoints_MixesByPlace(double budget, int point, double place) => Assert.Equal(point, Policy.AtBudget(budget, place).Point);

    [Fact]
    public void AtBudget_OverManyPlaces_SpendsTheBudget()
    {
        var points = Enumerable.Range(0, 10_000).Select(i => Policy.AtBudget(0.004, (i + 0.5) / 10_000).Point).ToList();

        Assert.Equal(0.004, points.Average(point => PlanSamples.Pair.Points[point].CostUsd.Mean), 6);
    }

    [Fact]
    public void Decide_AtTheStatesPrice_FollowsThatPointsPolicy()
    {
        ModelOutcome[] outcomes = [new(OutcomeKind.Answered, 0.4), default];

        Assert.Equal(new Decision(DecisionKind.Call, 1, DecisionReason.ScoreBelowThreshold), Policy.Decide(new DecisionState { Outcomes = outcomes, ShadowPrice = 20 }));
        Assert.Equal(new Decision(DecisionKind.Accept, 0, DecisionReason.LastModel), Policy.Decide(new DecisionState { Outcomes = outcomes, ShadowPrice = 60 }));
    }

    [Fact]
    public void Decide_WithAFittedPrice_IgnoresTheStatesPrice()
    {
        var spy = new PriceSpy();
        var point = new PointPolicy(0, spy, 7, [null]);
        point.Decide(new DecisionState { Outcomes = new ModelOutcome[1], ShadowPrice = 3 });

        Assert.Equal(7, spy.Price);
    }

    [Fact]
    public void ReadsScoreOf_EachPoint_IsItsOwnAndThePlansIsAnyOfThem()
    {
        Assert.Equal([false, true, false], new[] { 60.0, 20, 0 }.Select(price => Policy.AtPrice(price).ReadsScoreOf(0)));
        Assert.True(Policy.ReadsScoreOf(0));
        Assert.False(Policy.ReadsScoreOf(1));
    }

    [Fact]
    public void ReadsEstimates_EachPoint_IsItsOwnAndThePlansIsAnyOfThem()
    {
        var routed = PlanPolicy.Compile(PlanSamples.With(
            PlanSamples.Pair, PlanSamples.Point(ChainSpec.Direct(0), 1, 0.5, 0), PlanSamples.Point(new RouterSpec { Models = [0, 1] }, 2, 0.6, 0)));

        Assert.Equal([false, true], new[] { 60.0, 0 }.Select(price => routed.AtPrice(price).ReadsEstimates));
        Assert.Equal((true, false), (routed.ReadsEstimates, Policy.ReadsEstimates));
    }

    [Fact]
    public void Compile_UnsoundPlan_NamesEveryProblem()
    {
        var plan = PlanSamples.With(PlanSamples.Pair, PlanSamples.Point(ChainSpec.Direct(5), 1, 0.5, 0), PlanSamples.Point(ChainSpec.Direct(6), 2, 0.6, 0));

        Assert.Equal(["$.points[0].policy", "$.points[1].policy"], Assert.Throws<PlanFormatException>(() => PlanPolicy.Compile(plan)).Problems.Select(p => p.Path));
    }

    [Fact]
    public void Decide_ManyTimes_AllocatesNothing()
    {
        var outcomes = new ModelOutcome[2];
        Policy.Decide(new DecisionState { Outcomes = outcomes, ShadowPrice = 20 });
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Policy.Decide(new DecisionState { Outcomes = outcomes, ShadowPrice = 20 });
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private sealed class PriceSpy : IDecisionPolicy
    {
        public IReadOnlyList<ModelProfile> Models => [];

        public double Price { get; private set; }

        public Decision Decide(in DecisionState state)
        {
            Price = state.ShadowPrice;
            return default;
        }
    }
}
