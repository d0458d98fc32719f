using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Plans;
using Xunit;

namespace Cascade.Tests.Planning.Confidence;

public sealed class LevelPairPolicyTests
{
    private static readonly ImmutableArray<ModelProfile> Models =
    [
        new ModelProfile { Name = "low", Quality = 0.5, CostUsd = 1 },
        new ModelProfile { Name = "other", Quality = 0.6, CostUsd = 2 },
        new ModelProfile { Name = "high", Quality = 0.9, CostUsd = 10 },
    ];

    private static readonly LevelPairSpec Spec = new() { Low = 0, High = 2, Boundaries = [0.25, 0.75], Escalates = [false, true, false] };

    [Theory]
    [InlineData(0.1, DecisionKind.Accept, DecisionReason.GainNotWorthPrice)]
    [InlineData(0.25, DecisionKind.Call, DecisionReason.ScoreBelowThreshold)]
    [InlineData(0.74, DecisionKind.Call, DecisionReason.ScoreBelowThreshold)]
    [InlineData(0.75, DecisionKind.Accept, DecisionReason.ScoreReachesThreshold)]
    [InlineData(double.NaN, DecisionKind.Call, DecisionReason.ScoreBelowThreshold)]
    [InlineData(double.NegativeInfinity, DecisionKind.Accept, DecisionReason.GainNotWorthPrice)]
    public void Decide_Draft_FollowsItsLevel(double score, DecisionKind kind, DecisionReason reason)
    {
        var decision = Decide(new ModelOutcome(OutcomeKind.Answered, score), default);
        Assert.Equal((kind, kind == DecisionKind.Call ? 2 : 0, reason), (decision.Kind, decision.Model, decision.Reason));
    }

    [Fact]
    public void Decide_Failures_FallBack()
    {
        var failed = new ModelOutcome(OutcomeKind.Failed, double.NaN);
        var answered = new ModelOutcome(OutcomeKind.Answered, 0.5);
        Assert.Equal(new Decision(DecisionKind.Call, 0, DecisionReason.Start), Decide(default, default));
        Assert.Equal(new Decision(DecisionKind.Call, 2, DecisionReason.Fallback), Decide(failed, default));
        Assert.Equal(new Decision(DecisionKind.Accept, 2, DecisionReason.LastModel), Decide(failed, answered));
        Assert.Equal(new Decision(DecisionKind.Accept, 0, DecisionReason.BestAvailable), Decide(answered, failed));
        Assert.Equal(new Decision(DecisionKind.Abstain, -1, DecisionReason.Exhausted), Decide(failed, failed));
    }

    [Fact]
    public void ReadsScoreOf_OnlyTheDraft_AndOnlyWhenItMatters()
    {
        var policy = Spec.Compile(Models);
        Assert.Equal([true, false, false], Enumerable.Range(0, 3).Select(policy.ReadsScoreOf));
        Assert.False((Spec with { Escalates = [true, true, true] }).Compile(Models).ReadsScoreOf(0));
    }

    [Fact]
    public void Compile_WrongNumbers_AreNamed()
    {
        Assert.Throws<ArgumentException>(() => (Spec with { High = 0 }).Compile(Models));
        Assert.Throws<ArgumentException>(() => (Spec with { High = 3 }).Compile(Models));
        Assert.Throws<ArgumentException>(() => (Spec with { Escalates = [true] }).Compile(Models));
        var error = Assert.Throws<ArgumentException>(() => (Spec with { Boundaries = [0.5, 0.5] }).Compile(Models));
        Assert.Contains("boundary 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_EveryPartOfACandidate_ReadsBackAsItWas()
    {
        Assert.Equal(ConfidenceJson.Write(Spec), ConfidenceJson.Write(ConfidenceJson.Read(ConfidenceJson.Write(Spec), typeof(LevelPairSpec))));
        var context = ConfidenceWorld.Context(ConfidenceWorld.Table(60, 3, seed: 8));
        foreach (var strategy in ConfidenceStrategyTests.Strategies.Select(row => row.Data))
        {
            var fitted = strategy.Fit(context);
            foreach (var part in fitted.ScoreModels.Concat(fitted.Candidates.SelectMany(c => c.ScoreModels ?? [])).Where(s => s is not null).Distinct())
            {
                var json = ConfidenceJson.Write(part!);
                Assert.Equal(json, ConfidenceJson.Write(ConfidenceJson.Read(json, part!.GetType())));
            }
        }
    }

    private static Decision Decide(ModelOutcome low, ModelOutcome high) => Spec.Compile(Models).Decide(
        new DecisionState { Outcomes = [low, new ModelOutcome(OutcomeKind.Answered, 1), high], ShadowPrice = 0 });
}
