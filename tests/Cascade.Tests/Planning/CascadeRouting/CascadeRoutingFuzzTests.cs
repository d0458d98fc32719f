using Cascade.Planning.CascadeRouting;
using Cascade.Planning.Decisions;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.CascadeRouting;

/// <summary>Whatever a state holds, the policy gives a step that is allowed and comes to an end.</summary>
public sealed class CascadeRoutingFuzzTests
{
    private static readonly Gen<double> Odd = Gen.Frequency(
        (6, Gen.Double[0, 1]), (1, Gen.Const(double.NaN)), (1, Gen.Const(double.PositiveInfinity)), (1, Gen.Const(double.NegativeInfinity)),
        (1, Gen.Const(0.5)), (1, Gen.Const(1e100)));

    private static readonly Gen<ModelOutcome> Outcomes = Gen.Frequency(
        (1, Gen.Const(new ModelOutcome(OutcomeKind.Failed, double.NaN))),
        (1, Gen.Const(new ModelOutcome(OutcomeKind.Unaffordable, double.NaN))),
        (5, Odd.Select(s => new ModelOutcome(OutcomeKind.Answered, s))));

    private static readonly Gen<double> Weight = Gen.Frequency((2, Gen.Const(0.0)), (1, Gen.Const(0.2)), (3, Gen.Double[-0.4, 0.4]));

    private static readonly Gen<World> Worlds = Gen.Int[1, 5].SelectMany(k => Gen.Select(
        Gen.Select(Gen.Frequency((2, Gen.Const(0.5)), (3, Gen.Double[0, 1])), Gen.Frequency((1, Gen.Const(0.0)), (2, Gen.Const(0.1)), (3, Gen.Double[0, 1]))).Array[k],
        Weight.Array[k * 2],
        Weight.Array[k * 2],
        Outcomes.Array[k],
        Gen.Frequency((1, Gen.Const(Array.Empty<double>())), (2, Odd.Array[k])),
        Gen.Frequency((1, Gen.Const(Array.Empty<double>())), (2, Odd.Array[k])),
        Gen.Frequency((1, Gen.Const(0.0)), (1, Gen.Const(double.PositiveInfinity)), (6, Gen.Double[-3, 6].Select(e => Math.Pow(10, e)))),
        (models, quality, score, outcomes, prior, cost, price) => new World(models, quality, score, outcomes, prior, cost, price)));

    [Fact]
    public void CascadeRouting_AnyState_EndsAllowed() => Worlds.Sample(w =>
        AssertEnds(w, new CascadeRoutingSpec { Models = [.. Enumerable.Range(0, w.Models.Length)], Evidence = Model(w) }.Compile(EvidenceModels.Profiles(w.Models))));

    [Fact]
    public void OptimalCascade_AnyState_EndsAllowed() => Worlds.Sample(w =>
        AssertEnds(w, new OptimalCascadeSpec { Models = [.. Enumerable.Range(0, w.Models.Length)], Evidence = Model(w) }.Compile(EvidenceModels.Profiles(w.Models))));

    [Fact]
    public void Decide_OneModel_IsCalledAndAccepted() => Odd.Sample(score =>
    {
        var policy = new CascadeRoutingSpec { Models = [0], Evidence = EvidenceModels.Own([0.5], [0.2]) }.Compile(EvidenceModels.Profiles((0.5, 1)));
        Assert.Equal(DecisionKind.Call, policy.Decide(1e6, default(ModelOutcome)).Kind);
        Assert.Equal(new Decision(DecisionKind.Accept, 0, DecisionReason.LastModel), policy.Decide(1e6, new ModelOutcome(OutcomeKind.Answered, score)));
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (nan, infinite, failed, equal, singular, one, free, silent) = (0, 0, 0, 0, 0, 0, 0, 0);
        Worlds.Sample(
            w =>
            {
                nan += w.Prior.Any(double.IsNaN) ? 1 : 0;
                infinite += double.IsInfinity(w.Price) ? 1 : 0;
                failed += w.Outcomes.All(o => o.Kind != OutcomeKind.Answered) ? 1 : 0;
                equal += w.Models.Length > 1 && w.Models.Distinct().Count() == 1 ? 1 : 0;
                singular += w.Score.All(s => s == 0) || w.Models.Length > 2 ? 1 : 0;
                one += w.Models.Length == 1 ? 1 : 0;
                free += w.Models.Any(m => m.CostUsd == 0) ? 1 : 0;
                silent += w.Outcomes.Any(o => o.Kind == OutcomeKind.Answered && double.IsNaN(o.Score)) ? 1 : 0;
            },
            iter: 5_000, threads: 1);
        Assert.True(
            nan > 300 && infinite > 300 && failed > 100 && equal > 20 && singular > 300 && one > 300 && free > 300 && silent > 300,
            $"{nan} NaN, {infinite} infinite, {failed} all failed, {equal} equal, {singular} singular, {one} single, {free} free, {silent} silent");
    }

    /// <summary>Two causes for all models: from three models on, the scores' covariance is singular.</summary>
    private static EvidenceModel Model(World w)
    {
        var k = w.Models.Length;
        var (cross, among) = (new double[k * k], new double[k * k]);
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                cross[(i * k) + j] = (w.Quality[2 * i] * w.Score[2 * j]) + (w.Quality[(2 * i) + 1] * w.Score[(2 * j) + 1]);
                among[(i * k) + j] = (w.Score[2 * i] * w.Score[2 * j]) + (w.Score[(2 * i) + 1] * w.Score[(2 * j) + 1]);
            }
        }

        return EvidenceModel.PriorsOnly(k) with
        {
            ScoreScale = [.. Enumerable.Range(0, k).Select(i => i % 4 == 3 ? 0.0 : 0.5)],
            QualityScoreCovariance = [.. cross],
            ScoreCovariance = [.. among],
        };
    }

    private static void AssertEnds(World w, IDecisionPolicy policy)
    {
        var outcomes = new ModelOutcome[w.Models.Length];
        for (var step = 0; step <= w.Models.Length; step++)
        {
            var decision = policy.Decide(new DecisionState { Outcomes = outcomes, ShadowPrice = w.Price, PriorQuality = w.Prior, PriorCostUsd = w.Cost });
            switch (decision.Kind)
            {
                case DecisionKind.Accept:
                    Assert.Equal(OutcomeKind.Answered, outcomes[decision.Model].Kind);
                    return;
                case DecisionKind.Abstain:
                    Assert.All(outcomes, o => Assert.NotEqual(OutcomeKind.Answered, o.Kind));
                    Assert.All(outcomes, o => Assert.NotEqual(OutcomeKind.None, o.Kind));
                    return;
                default:
                    Assert.Equal(OutcomeKind.None, outcomes[decision.Model].Kind);
                    outcomes[decision.Model] = w.Outcomes[decision.Model];
                    break;
            }
        }

        Assert.Fail("more steps than models");
    }

    private sealed record World(
        (double Quality, double CostUsd)[] Models, double[] Quality, double[] Score, ModelOutcome[] Outcomes, double[] Prior, double[] Cost, double Price);
}
