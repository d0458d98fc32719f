using Cascade.Planning.Decisions;
using Cascade.Planning.Strategies;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning;

public sealed class PolicyPropertyTests
{
    private static readonly Gen<ModelOutcome> Outcome = Gen.Frequency(
        (1, Gen.Const(new ModelOutcome(OutcomeKind.Failed, double.NaN))),
        (1, Gen.Const(new ModelOutcome(OutcomeKind.Unaffordable, double.NaN))),
        (1, Gen.Const(new ModelOutcome(OutcomeKind.Answered, double.NaN))),
        (4, Gen.Double[0, 1].Select(s => new ModelOutcome(OutcomeKind.Answered, s))));

    private static readonly Gen<ModelProfile> GenModel = Gen.Select(
        Gen.Double[0, 1], Gen.Frequency((1, Gen.Const(0.0)), (5, Gen.Double[1e-6, 0.1])),
        (quality, cost) => new ModelProfile { Name = "m", Quality = quality, CostUsd = cost });

    private static readonly Gen<World> Worlds = Gen.Int[2, 5].SelectMany(n => Gen.Select(
        GenModel.Array[n], Outcome.Array[n], Gen.Double[0, 1], Gen.Double[0, 200], Gen.Double[0, 200],
        (models, outcomes, threshold, one, other) => new World(models, outcomes, threshold, Math.Min(one, other), Math.Max(one, other))));

    [Fact]
    public void Decide_HigherPrice_CallsMoreOnlyWithoutTheStandInThatAnswered() => Worlds.Sample(w =>
    {
        var (few, many) = (Play(w, w.High).Called, Play(w, w.Low).Called);
        return few.IsSubsetOf(many) || many.Except(few).Any(i => i > 1 && w.Outcomes[i].Kind == OutcomeKind.Answered);
    });

    [Fact]
    public void Decide_StandInTooDear_TriesTheCheaperOnes()
    {
        ModelOutcome failed = new(OutcomeKind.Failed, double.NaN);
        ModelProfile[] models =
        [
            Model(0.5, 0.001), Model(0.9, 0.001), Model(0.9, 0.1), Model(0.9, 0.001), Model(0.9, 0.001),
        ];
        World world = new(models, [Answer(0.1), failed, Answer(0.9), failed, failed], 0.8, 1, 100);
        Assert.Equal([0, 1, 2], Play(world, world.Low).Called);
        Assert.Equal([0, 1, 3, 4], Play(world, world.High).Called);
    }

    [Fact]
    public void Decide_AcceptedAnswer_IsNeverWorseThanTheDraft() => Worlds.Sample(w =>
    {
        var (_, end) = Play(w, w.Low);
        return end.Kind != DecisionKind.Accept || w.Outcomes[0].Kind != OutcomeKind.Answered
            || Estimate(w, end.Model) >= Estimate(w, 0);
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var ends = new HashSet<DecisionReason>();
        var priceMatters = 0;
        var sizes = new HashSet<int>();
        Worlds.Sample(
            w =>
            {
                ends.Add(Play(w, w.Low).End.Reason);
                priceMatters += Play(w, w.Low).Called.Count > Play(w, w.High).Called.Count ? 1 : 0;
                sizes.Add(w.Models.Length);
            },
            iter: 5_000, threads: 1);
        Assert.Superset(
            new HashSet<DecisionReason>
            {
                DecisionReason.ScoreReachesThreshold, DecisionReason.GainNotWorthPrice, DecisionReason.LastModel,
                DecisionReason.BestAvailable, DecisionReason.Exhausted,
            },
            ends);
        Assert.True(priceMatters > 100, $"the price mattered {priceMatters} times");
        Assert.Equal(4, sizes.Count);
    }

    private static double Estimate(World w, int model) =>
        double.IsNaN(w.Outcomes[model].Score) ? w.Models[model].Quality : w.Outcomes[model].Score;

    private static ModelProfile Model(double quality, double costUsd) => new() { Name = "m", Quality = quality, CostUsd = costUsd };

    private static ModelOutcome Answer(double score) => new(OutcomeKind.Answered, score);

    private static (SortedSet<int> Called, Decision End) Play(World w, double price)
    {
        var policy = new ThresholdPairStrategy().Fit(new StrategyInput { Models = w.Models, Threshold = w.Threshold });
        var state = new ModelOutcome[w.Models.Length];
        var called = new SortedSet<int>();
        var decision = policy.Decide(price, state);
        for (; decision.Kind == DecisionKind.Call && called.Add(decision.Model); decision = policy.Decide(price, state))
        {
            state[decision.Model] = w.Outcomes[decision.Model];
        }

        return (called, decision);
    }

    private sealed record World(ModelProfile[] Models, ModelOutcome[] Outcomes, double Threshold, double Low, double High);
}
