using Cascade.Planning.Decisions;
using Cascade.Planning.Strategies;
using Xunit;

namespace Cascade.Tests.Planning;

public sealed class StrategyTests
{
    private static readonly ModelOutcome FailedCall = new(OutcomeKind.Failed, double.NaN);
    private static readonly ModelOutcome UnaffordableCall = new(OutcomeKind.Unaffordable, double.NaN);

    [Fact]
    public void Names_EveryStrategy_IsFoundByItsName()
    {
        Assert.Equal(["single-model", "fallback-chain", "threshold-pair"], StrategyCatalog.Names);
        Assert.All(StrategyCatalog.Names, name => Assert.Equal(name, StrategyCatalog.Find(name)!.Name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Threshold-Pair")]
    public void Find_UnknownName_IsNull(string? name) => Assert.Null(StrategyCatalog.Find(name));

    [Theory]
    [InlineData("single-model", 2)]
    [InlineData("single-model", 0)]
    [InlineData("fallback-chain", 0)]
    [InlineData("threshold-pair", 1)]
    public void Fit_WrongNumberOfModels_SaysHowMany(string strategy, int models)
    {
        var error = Assert.Throws<ArgumentException>(() => PolicyStates.Policy(strategy, models));
        Assert.Contains($"got {models} model(s)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_SeveralProblems_NamesThemAll()
    {
        ModelProfile[] models = [new() { Name = "a", Quality = 2, CostUsd = 1 }, new() { Name = "b", Quality = 0.5, CostUsd = double.NaN }];
        var input = new StrategyInput { Models = models, Threshold = -1 };
        var error = Assert.Throws<ArgumentException>(() => new ThresholdPairStrategy().Fit(input));
        Assert.Contains("threshold -1", error.Message, StringComparison.Ordinal);
        Assert.Contains("quality 2 of model 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("cost NaN of model 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_ThresholdPair_FollowsTheTable()
    {
        var policy = PolicyStates.Policy("threshold-pair", 3);
        var none = default(ModelOutcome);
        (double Price, ModelOutcome[] State, Decision Wanted)[] table =
        [
            (0, [none, none, none], new(DecisionKind.Call, 0, DecisionReason.Start)),
            (0, [FailedCall, none, none], new(DecisionKind.Call, 1, DecisionReason.Fallback)),
            (1e9, [UnaffordableCall, none, none], new(DecisionKind.Call, 1, DecisionReason.Fallback)),
            (0, [FailedCall, FailedCall, none], new(DecisionKind.Call, 2, DecisionReason.Fallback)),
            (0, [FailedCall, FailedCall, FailedCall], new(DecisionKind.Abstain, -1, DecisionReason.Exhausted)),
            (0, [Answer(0.8), none, none], new(DecisionKind.Accept, 0, DecisionReason.ScoreReachesThreshold)),
            (0, [Answer(0.79), none, none], new(DecisionKind.Call, 1, DecisionReason.ScoreBelowThreshold)),
            (15.9, [Answer(0.79), none, none], new(DecisionKind.Call, 1, DecisionReason.ScoreBelowThreshold)),
            (16.1, [Answer(0.79), none, none], new(DecisionKind.Accept, 0, DecisionReason.GainNotWorthPrice)),
            (24.9, [Answer(double.NaN), none, none], new(DecisionKind.Call, 1, DecisionReason.ScoreBelowThreshold)),
            (25.1, [Answer(double.NaN), none, none], new(DecisionKind.Accept, 0, DecisionReason.GainNotWorthPrice)),
            (0, [Answer(0.3), Answer(double.NaN), none], new(DecisionKind.Accept, 1, DecisionReason.LastModel)),
            (0, [Answer(0.3), Answer(0.2), none], new(DecisionKind.Accept, 0, DecisionReason.BestAvailable)),
            (0, [Answer(0.3), FailedCall, none], new(DecisionKind.Call, 2, DecisionReason.Fallback)),
            (40, [Answer(0.3), FailedCall, none], new(DecisionKind.Accept, 0, DecisionReason.BestAvailable)),
            (0, [Answer(0.3), UnaffordableCall, FailedCall], new(DecisionKind.Accept, 0, DecisionReason.BestAvailable)),
            (0, [FailedCall, Answer(double.NaN), none], new(DecisionKind.Accept, 1, DecisionReason.LastModel)),
        ];
        Assert.All(table, row => Assert.Equal(row.Wanted, policy.Decide(row.Price, row.State)));
    }

    [Theory]
    [InlineData("single-model", 1)]
    [InlineData("fallback-chain", 1)]
    [InlineData("fallback-chain", 2)]
    [InlineData("fallback-chain", 3)]
    [InlineData("threshold-pair", 2)]
    [InlineData("threshold-pair", 3)]
    public void Decide_EveryState_IsAllowed(string strategy, int count)
    {
        var policy = PolicyStates.Policy(strategy, count);
        foreach (var state in PolicyStates.All(count))
        {
            foreach (var price in PolicyStates.Prices)
            {
                AssertAllowed(policy.Decide(price, state), state);
            }
        }
    }

    [Theory]
    [InlineData("single-model", 1)]
    [InlineData("fallback-chain", 3)]
    [InlineData("threshold-pair", 2)]
    [InlineData("threshold-pair", 3)]
    public void Decide_FromTheStart_EndsAfterAtMostOneCallPerModel(string strategy, int count)
    {
        var policy = PolicyStates.Policy(strategy, count);
        foreach (var world in PolicyStates.All(count).Where(w => w.All(o => o.Kind != OutcomeKind.None)))
        {
            foreach (var price in PolicyStates.Prices)
            {
                var (calls, end) = Play(policy, world, price);
                Assert.InRange(calls, 1, count);
                Assert.Equal(world.All(o => o.Kind != OutcomeKind.Answered), end.Kind == DecisionKind.Abstain);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Decide_HigherPrice_NeverCallsMore(int count)
    {
        var policy = PolicyStates.Policy("threshold-pair", count);
        foreach (var world in PolicyStates.All(count).Where(w => w.All(o => o.Kind != OutcomeKind.None)))
        {
            var calls = PolicyStates.Prices.Select(price => Play(policy, world, price).Calls).ToArray();
            Assert.Equal(calls.OrderDescending(), calls);
        }
    }

    [Fact]
    public void Decide_ManyTimes_AllocatesNothing()
    {
        var policy = PolicyStates.Policy("threshold-pair", 3);
        ModelOutcome[] state = [Answer(0.3), FailedCall, default];
        policy.Decide(new DecisionState { Outcomes = state, ShadowPrice = 1 });
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            policy.Decide(new DecisionState { Outcomes = state, ShadowPrice = i });
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Decide_StateOfAnotherPolicy_Throws()
    {
        var policy = PolicyStates.Policy("threshold-pair", 2);
        Assert.Throws<ArgumentException>(() => policy.Decide(0, default(ModelOutcome)));
        Assert.Throws<ArgumentException>(() => policy.Decide(double.NaN, default, default));
        Assert.Throws<ArgumentException>(() => policy.Decide(-1, default, default));
    }

    private static ModelOutcome Answer(double score) => new(OutcomeKind.Answered, score);

    private static void AssertAllowed(Decision decision, ModelOutcome[] state)
    {
        Assert.NotEqual(DecisionReason.None, decision.Reason);
        switch (decision.Kind)
        {
            case DecisionKind.Call:
                Assert.Equal(OutcomeKind.None, state[decision.Model].Kind);
                break;
            case DecisionKind.Accept:
                Assert.Equal(OutcomeKind.Answered, state[decision.Model].Kind);
                break;
            default:
                Assert.Equal(new Decision(DecisionKind.Abstain, -1, DecisionReason.Exhausted), decision);
                break;
        }
    }

    private static (int Calls, Decision End) Play(IDecisionPolicy policy, ModelOutcome[] world, double price)
    {
        var state = new ModelOutcome[world.Length];
        for (var calls = 0; calls <= world.Length; calls++)
        {
            var decision = policy.Decide(price, state);
            if (decision.Kind != DecisionKind.Call)
            {
                return (calls, decision);
            }

            Assert.Equal(OutcomeKind.None, state[decision.Model].Kind);
            state[decision.Model] = world[decision.Model];
        }

        Assert.Fail("the policy did not end");
        return default;
    }
}
