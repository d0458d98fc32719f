using System.Collections.Immutable;
using Cascade.Planning.CascadeRouting;
using Cascade.Planning.Decisions;
using Cascade.Planning.Frontier;
using Cascade.Planning.Routing;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.CascadeRouting;

public sealed class CascadeRoutingPolicyTests
{
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(0.0572689, true)]
    [InlineData(0.0572690, false)]
    public void T2_3_Decide_SpreadOfAnUnrunModel_IsWorthAPrice(double price, bool runs)
    {
        var models = EvidenceModels.Profiles((0.5, 1), (0.5, 1));
        var spec = new CascadeRoutingSpec { Models = [0, 1], Evidence = EvidenceModels.Own([0.5, 0.5], [0.3, 0.2]) };
        var routed = spec.Compile(models).Decide(price, new ModelOutcome(OutcomeKind.Answered, 0.55), default);
        var chained = new OptimalCascadeSpec { Models = spec.Models, Evidence = spec.Evidence }
            .Compile(models).Decide(price, new ModelOutcome(OutcomeKind.Answered, 0.55), default);

        Assert.Equal(0.6072689, NormalMaximum.OfTwo(0.55, 0.5, 0, 0.04, 0).Mean, Tolerance);
        var expected = runs
            ? new Decision(DecisionKind.Call, 1, DecisionReason.GainWorthPrice)
            : new Decision(DecisionKind.Accept, 0, DecisionReason.NothingWorthMore);
        Assert.Equal((expected, expected), (routed, chained));
    }

    [Fact]
    public void T2_3_Decide_PointEstimates_NeverRunAModelThatIsWorseOnAverage()
    {
        var models = EvidenceModels.Profiles((0.5, 1), (0.5, 1));
        var spec = new CascadeRoutingSpec { Models = [0, 1], Evidence = EvidenceModels.Own([0.5, 0.5], [0.3, 0]) };
        Assert.Equal(DecisionKind.Accept, spec.Compile(models).Decide(1e-9, new ModelOutcome(OutcomeKind.Answered, 0.55), default).Kind);
    }

    [Fact]
    public void T2_5_Decide_NothingToLearn_IsTheRoutingSolutionAtEveryPrice() => Gen.Select(
        Gen.Double[0, 1].Array[6], Gen.Double[0.001, 1].Array[6], Gen.Double[-3, 3]).Sample((quality, cost, exponent) =>
    {
        var models = EvidenceModels.Profiles([.. quality.Select((q, i) => (q, cost[i]))]);
        var price = Math.Pow(10, exponent);
        var best = Enumerable.Range(0, 6).MaxBy(i => quality[i] - (price * cost[i]));
        var policy = new CascadeRoutingSpec { Models = [.. Enumerable.Range(0, 6)], Evidence = EvidenceModel.PriorsOnly(6) }.Compile(models);
        var (calls, end) = Play(policy, price, Enumerable.Repeat(new ModelOutcome(OutcomeKind.Answered, double.NaN), 6).ToArray());
        Assert.Equal([best], calls);
        Assert.Equal((DecisionKind.Accept, best), (end.Kind, end.Model));
    });

    [Fact]
    public void T2_1_Decide_PriceOfABudget_IsFoundWithItsMix()
    {
        var models = EvidenceModels.Profiles((0.6, 1), (0.8, 5), (0.9, 20));
        var policy = new CascadeRoutingSpec { Models = [0, 1, 2], Evidence = EvidenceModel.PriorsOnly(3) }.Compile(models);
        FrontierPoint At(double price)
        {
            var chosen = models[policy.Decide(price, default, default, default).Model];
            return new FrontierPoint(chosen.CostUsd, chosen.Quality, 0);
        }

        var three = LagrangianSearch.AtBudget(At, 3);
        var ten = LagrangianSearch.AtBudget(At, 10);
        Assert.Equal(0.05, three.Price, Tolerance);
        Assert.Equal((0.5, 0.7), (Math.Round(three.DearerShare, 6), Math.Round(three.Quality, 6)));
        Assert.Equal(0.0066667, ten.Price, Tolerance);
        Assert.Equal((0.333333, 0.833333), (Math.Round(ten.DearerShare, 6), Math.Round(ten.Quality, 6)));
    }

    [Fact]
    public void T2_6_BestSuperset_HigherPrice_NeverCostsMoreNorPromisesMore() =>
        Gen.Select(RoutingCase.Small, Gen.Double[0, 2]).Sample((c, factor) =>
        {
            var dear = c with { Price = c.Price * factor };
            var (low, high) = factor < 1 ? (dear, c) : (c, dear);
            var (cheapSet, dearSet) = (low.Search(), high.Search());
            var (atLow, atHigh) = (Added(c, cheapSet), Added(c, dearSet));

            // Rounding to 8 digits makes values equal that are not: the cost may rise by what is worth less than that.
            var slack = 2e-8 / Math.Max(1e-9, high.Price - low.Price);
            Assert.True(atHigh <= atLow + slack, $"{atHigh} at {high.Price} and {atLow} at {low.Price}");
            Assert.True(Promise(c, dearSet) <= Promise(c, cheapSet) + 2e-8 + (high.Price * slack));
        });

    [Fact]
    public void Decide_FailedModels_AreLeftOutUntilNoneIsLeft()
    {
        var models = EvidenceModels.Profiles((0.5, 0.1), (0.7, 0.2), (0.9, 0.3));
        var policy = new CascadeRoutingSpec { Models = [0, 1, 2], Evidence = EvidenceModels.Correlated(3, 1) }.Compile(models);
        var failed = new ModelOutcome(OutcomeKind.Failed, double.NaN);
        Assert.Equal(new Decision(DecisionKind.Call, 2, DecisionReason.BestExpectedValue), policy.Decide(1, default, default, default));
        Assert.Equal(new Decision(DecisionKind.Call, 1, DecisionReason.Fallback), policy.Decide(1, default, default, failed));
        Assert.Equal(
            new Decision(DecisionKind.Accept, 1, DecisionReason.BestAvailable),
            policy.Decide(1, failed, new ModelOutcome(OutcomeKind.Answered, 0.9), new ModelOutcome(OutcomeKind.Unaffordable, double.NaN)));
        Assert.Equal(new Decision(DecisionKind.Abstain, -1, DecisionReason.Exhausted), policy.Decide(1, failed, failed, failed));
    }

    [Fact]
    public void Decide_SeveralModelsWanted_CallsTheCheapestFirst()
    {
        var models = EvidenceModels.Profiles((0.8, 0.03), (0.5, 0.001), (0.7, 0.02));
        var policy = new CascadeRoutingSpec { Models = [0, 1, 2], Evidence = EvidenceModels.Own([0.8, 0.75, 0.7], [0.3, 0.3, 0.3]) }.Compile(models);
        Assert.Equal(1, policy.Decide(0.01, default, default, default).Model);
    }

    [Fact]
    public void Decide_MostCallsReached_AcceptsTheHighestEstimate()
    {
        var models = EvidenceModels.Profiles((0.5, 0.01), (0.5, 0.01), (0.99, 0.01));
        var spec = new CascadeRoutingSpec { Models = [0, 1, 2], Evidence = EvidenceModels.Own([0.5, 0.5, 0.9], [0.2, 0.2, 0.2]), MaxCalls = 2 };
        var decision = spec.Compile(models).Decide(0, new ModelOutcome(OutcomeKind.Answered, 0.6), new ModelOutcome(OutcomeKind.Answered, 0.4), default);
        Assert.Equal(new Decision(DecisionKind.Accept, 0, DecisionReason.LastModel), decision);
    }

    [Fact]
    public void Decide_ScoreOfOneModel_MovesWhatIsExpectedOfAnother()
    {
        var models = EvidenceModels.Profiles((0.6, 0.001), (0.8, 0.1), (0.1, 0.5));
        var policy = new CascadeRoutingSpec { Models = [0, 1, 2], Evidence = EvidenceModels.Correlated(3, 3) }.Compile(models);
        var low = policy.Decide(0.5, new ModelOutcome(OutcomeKind.Answered, 0.1), default, default);
        var high = policy.Decide(0.5, new ModelOutcome(OutcomeKind.Answered, 0.9), default, default);
        Assert.Equal((DecisionKind.Call, DecisionKind.Accept), (low.Kind, high.Kind));
    }

    [Fact]
    public void Decide_PriorsOfTheQuery_OverruleTheMeans()
    {
        var models = EvidenceModels.Profiles((0.5, 0.1), (0.9, 0.1));
        var policy = new CascadeRoutingSpec { Models = [0, 1], Evidence = EvidenceModel.PriorsOnly(2) }.Compile(models);
        var decision = policy.Decide(new DecisionState { Outcomes = new ModelOutcome[2], ShadowPrice = 1, PriorQuality = [0.8, 0.2], PriorCostUsd = [0.1, 0.1] });
        Assert.Equal(0, decision.Model);
        decision = policy.Decide(new DecisionState { Outcomes = new ModelOutcome[2], ShadowPrice = 1, PriorQuality = [0.8, 0.2], PriorCostUsd = [0.9, 0.1] });
        Assert.Equal(1, decision.Model);
    }

    [Fact]
    public void OptimalCascade_AnyState_GoesInItsOrderAndMayLookPastAWeakModel()
    {
        var models = EvidenceModels.Profiles((0.5, 0.01), (0.5, 0.01), (0.9, 0.02));
        var policy = new OptimalCascadeSpec { Models = [1, 0, 2], Evidence = EvidenceModels.Own([0.5, 0.2, 0.9], [0.1, 0.01, 0.05]) }.Compile(models);
        Assert.Equal(1, policy.Decide(1, default, default, default).Model);
        Assert.Equal(0, policy.Decide(1, default, new ModelOutcome(OutcomeKind.Answered, 0.5), default).Model);
        Assert.Equal(2, policy.Decide(1, new ModelOutcome(OutcomeKind.Failed, double.NaN), new ModelOutcome(OutcomeKind.Answered, 0.5), default).Model);
        var end = policy.Decide(1, new ModelOutcome(OutcomeKind.Answered, 0.2), new ModelOutcome(OutcomeKind.Answered, 0.99), default);
        Assert.Equal(new Decision(DecisionKind.Accept, 1, DecisionReason.NothingWorthMore), end);
        Assert.Equal(DecisionKind.Accept, policy.Decide(20, default, new ModelOutcome(OutcomeKind.Answered, 0.5), default).Kind);
    }

    [Fact]
    public void ReadsScoreOf_ModelsWithoutEvidence_AreNotPaidFor()
    {
        var models = EvidenceModels.Profiles((0.5, 0.01), (0.5, 0.01), (0.9, 0.02));
        var evidence = EvidenceModels.Own([0.5, 0.9], [0.1, 0.1]) with { ScoreScale = [1, 0] };
        var policy = new CascadeRoutingSpec { Models = [0, 2], Evidence = evidence }.Compile(models);
        Assert.Equal((true, false, false), (policy.ReadsScoreOf(0), policy.ReadsScoreOf(1), policy.ReadsScoreOf(2)));
    }

    [Fact]
    public void Compile_WhatDoesNotFit_IsNamed()
    {
        var models = EvidenceModels.Profiles((0.5, 0.01), (0.5, 0.01));
        var spec = new CascadeRoutingSpec { Models = [0, 1], Evidence = EvidenceModel.PriorsOnly(2) };
        AssertNames("[0, 0]", spec with { Models = [0, 0] });
        AssertNames("[0, 2]", spec with { Models = [0, 2] });
        AssertNames("PriorSlope has 1 values where 2", spec with { Evidence = spec.Evidence with { PriorSlope = [1], ScoreCostUsd = [0, -1] } });
        AssertNames("ScoreCostUsd holds -1", spec with { Evidence = spec.Evidence with { PriorSlope = [1], ScoreCostUsd = [0, -1] } });
        AssertNames("SamplePoints is 100", spec with { SamplePoints = 100 });
        AssertNames("MaxCalls", spec with { MaxCalls = 0 });
        Assert.Contains("m1", Assert.Throws<ArgumentException>(() => spec.Compile(EvidenceModels.Profiles((0.5, 0.1), (1.5, 0.1)))).Message, StringComparison.Ordinal);

        void AssertNames(string part, CascadeRoutingSpec bad) =>
            Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(() => bad.Compile(models)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(11, false)]
    [InlineData(11, true)]
    public void Decide_StatesMetBefore_AllocatesNothing(int k, bool chain)
    {
        var models = EvidenceModels.Profiles([.. Enumerable.Range(0, k).Select(i => (0.4 + (0.05 * i), 0.001 * Math.Pow(1.7, i)))]);
        ImmutableArray<int> pool = [.. Enumerable.Range(0, k)];
        var evidence = EvidenceModels.Correlated(k, 7);
        var policy = chain
            ? new OptimalCascadeSpec { Models = pool, Evidence = evidence }.Compile(models)
            : new CascadeRoutingSpec { Models = pool, Evidence = evidence }.Compile(models);
        var prior = Array.ConvertAll([.. models], m => m.Quality);
        var cost = Array.ConvertAll([.. models], m => m.CostUsd);
        var outcomes = new ModelOutcome[k];
        long allocated = -1;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 50; i++)
            {
                Array.Clear(outcomes);
                for (var step = 0; step <= k; step++)
                {
                    var state = new DecisionState { Outcomes = outcomes, ShadowPrice = 0.5, PriorQuality = prior, PriorCostUsd = cost };
                    var decision = policy.Decide(state);
                    if (decision.Kind != DecisionKind.Call)
                    {
                        break;
                    }

                    outcomes[decision.Model] = new ModelOutcome(OutcomeKind.Answered, i / 50.0);
                }
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private static (List<int> Calls, Decision End) Play(IDecisionPolicy policy, double price, ModelOutcome[] outcomes)
    {
        var state = new ModelOutcome[outcomes.Length];
        var calls = new List<int>();
        var decision = policy.Decide(price, state);
        for (; decision.Kind == DecisionKind.Call; decision = policy.Decide(price, state))
        {
            Assert.Equal(OutcomeKind.None, state[decision.Model].Kind);
            state[decision.Model] = outcomes[decision.Model];
            calls.Add(decision.Model);
        }

        return (calls, decision);
    }

    private static double Added(RoutingCase c, int set) =>
        Enumerable.Range(0, c.Size).Sum(i => (set & ~c.Answered & (1 << i)) != 0 ? c.CostUsd[i] : 0);

    private static double Promise(RoutingCase c, int set)
    {
        int[] members = [.. Enumerable.Range(0, c.Size).Where(i => (set & (1 << i)) != 0)];
        if (members.Length == 0)
        {
            return double.NegativeInfinity;
        }

        // With every model's place kept, so that all sets are judged on the same sample; a model outside the set is put out of reach.
        var mean = Enumerable.Range(0, c.Size).Select(i => (set & (1 << i)) != 0 ? c.Mean[i] : -1e6).ToArray();
        return System.Numerics.BitOperations.PopCount((uint)(c.Answered | c.Open)) <= 2
            ? ExpectedMaximum.Of([.. members.Select(i => c.Mean[i])], [.. members.SelectMany(i => members.Select(j => c.Covariance[i, j]))])
            : ExpectedMaximum.Sampled(mean, [.. c.Covariance.Cast<double>()], 256);
    }
}
