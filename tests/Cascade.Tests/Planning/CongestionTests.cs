using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Plans;
using Cascade.Planning.Policies;
using Xunit;

namespace Cascade.Tests.Planning;

public sealed class CongestionTests
{
    private static readonly ImmutableArray<ModelProfile> Models =
    [
        new ModelProfile { Name = "cheap", Quality = 0.6, CostUsd = 0.001 },
        new ModelProfile { Name = "strong", Quality = 0.9, CostUsd = 0.002 },
    ];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.2, 1)]
    [InlineData(0.4, 0)]
    public void Router_BetterModelIsBusy_GoesElsewhereOnceItsPlaceIsWorthMoreThanTheGain(double congestion, int expected)
    {
        var policy = new RouterPolicy(Models, new RouterSpec { Models = [0, 1] });

        Assert.Equal(expected, policy.Decide(State([default, default], congestion)).Model);
    }

    [Theory]
    [InlineData(0, DecisionReason.ScoreBelowThreshold)]
    [InlineData(0.3, DecisionReason.ScoreBelowThreshold)]
    [InlineData(0.5, DecisionReason.GainNotWorthPrice)]
    public void ThresholdPair_StrongModelIsBusy_EscalatesOnlyWhatGainsMore(double congestion, DecisionReason expected)
    {
        var policy = new ThresholdPairPolicy(Models, threshold: 0.8);

        Assert.Equal(expected, policy.Decide(State([new ModelOutcome(OutcomeKind.Answered, 0.5), default], congestion)).Reason);
    }

    [Fact]
    public void Decide_CongestionOfOtherModels_IsRefused() => Assert.Throws<ArgumentException>(() =>
        new ThresholdPairPolicy(Models, threshold: 0.8).Decide(
            new DecisionState { Outcomes = new ModelOutcome[2], ShadowPrice = 0, Congestion = new double[3] }));

    private static DecisionState State(ModelOutcome[] outcomes, double congestion) =>
        new() { Outcomes = outcomes, ShadowPrice = 0, Congestion = new double[] { 0, congestion } };
}
