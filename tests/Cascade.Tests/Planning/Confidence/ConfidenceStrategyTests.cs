using System.Collections.Immutable;
using Cascade.Planning.Copulas;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Levels;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;
using Xunit;

namespace Cascade.Tests.Planning.Confidence;

public sealed class ConfidenceStrategyTests
{
    private static readonly FitContext World = ConfidenceWorld.Context(ConfidenceWorld.Table(1_500, 4, seed: 1));
    private static readonly OutcomeTable Fresh = ConfidenceWorld.Table(1_500, 4, seed: 2);

    public static TheoryData<ICascadeStrategy> Strategies => [
        new RationalTuning(),
        new EarlyAbstention(),
        new TokenUncertaintyDeferral(),
        new LearnedDeferral(),
        new LearnedDeferral(DeferralTarget.Rescue),
        new AutoMix(),
        new AutoMix(LevelMethod.CompatThreshold),
        new AutoMix(LevelMethod.CompatDoubleThreshold),
        new AutoMix(LevelMethod.CompatPomdp),
        new AutoMix(LevelMethod.CompatGreedy),
    ];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Fit_SignalsThatKnow_BeatTheModelsAloneOnFreshRows(ICascadeStrategy strategy)
    {
        // By quality, no answer is as bad as a wrong one: only so priced can abstaining hold its own in this comparison.
        var options = World.Options with { Abstention = new AbstentionOptions { Penalty = 1 } };
        var fitted = strategy.Fit(World with { Options = options });
        Assert.InRange(fitted.Candidates.Length, 5, World.Options.MaxCandidates);
        var hull = ConfidenceWorld.Hull(ConfidenceWorld.Run(fitted, World, Fresh));
        var direct = ConfidenceWorld.Hull(ConfidenceWorld.Run(new DirectModels().Fit(World), World, Fresh));
        var budget = (World.Models[1].CostUsd + World.Models[3].CostUsd) / 2;
        var gain = hull.AtBudget(budget).Quality - direct.AtBudget(budget).Quality;
        Assert.True(gain > 0.01, $"{strategy.Name} gains {gain}");
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Fit_Twice_IsTheSame(ICascadeStrategy strategy)
    {
        var small = ConfidenceWorld.Context(ConfidenceWorld.Table(80, 3, seed: 3));
        static string Text(FittedStrategy fitted) => string.Join('\n', fitted.Candidates.Select(c => ConfidenceJson.Write(c.Policy)));
        Assert.Equal(Text(strategy.Fit(small)), Text(strategy.Fit(small)));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Fit_ManyModels_StaysWithinTheLimits(ICascadeStrategy strategy)
    {
        var options = new FitOptions { MaxCandidates = 30, PriceGridSize = 6 };
        var context = ConfidenceWorld.Context(ConfidenceWorld.Table(40, 16, seed: 4), options);
        Assert.InRange(strategy.Fit(context).Candidates.Length, 1, 30);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Unfit_NoSignal_SaysWhatToRecord(ICascadeStrategy strategy)
    {
        var builder = new OutcomeTableBuilder();
        builder.Add(new OutcomeRecord { QueryId = "q", Model = "m", Quality = 1, CostUsd = 1 });
        var context = ConfidenceWorld.Context(builder.Build());
        Assert.Contains("record", strategy.Unfit(context), StringComparison.Ordinal);
        Assert.Contains(strategy.Name, Assert.Throws<ArgumentException>(() => strategy.Fit(context)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RationalTuning_LargeTable_ExpectsWhatHappens()
    {
        var fitted = new RationalTuning().Fit(World);
        var results = ConfidenceWorld.Run(fitted, World, World.Outcomes);
        var scores = ScoreMatrix.Of(World.Outcomes, fitted.ScoreModels);
        var marginals = Enumerable.Range(0, 4).Select(m => ConfidenceMarginal.Fit(scores.Column(m))).ToArray();
        var compared = 0;
        for (var i = 0; i < fitted.Candidates.Length; i++)
        {
            var chain = Assert.IsType<ChainSpec>(fitted.Candidates[i].Policy);
            if (chain.Models.Length != 2)
            {
                continue;
            }

            var (low, high) = (chain.Models[0], chain.Models[1]);
            var copula = GumbelCopula.OfKendallTau(KendallTau.Of(scores.Column(low), scores.Column(high)));
            var model = new ConfidenceChain(
            [
                new ChainLink(marginals[low], default, World.Models[low].CostUsd, 0), new ChainLink(marginals[high], copula, World.Models[high].CostUsd, 0),
            ]);
            var expected = model.Expect([chain.Thresholds[0]], []);
            Assert.Equal(results[i].MeanQuality, expected.Correct, 0.03);
            Assert.Equal(results[i].MeanCostUsd, expected.CostUsd, 0.06 * World.Models[3].CostUsd);
            compared++;
        }

        Assert.True(compared > 10, $"{compared} pairs");
    }

    [Fact]
    public void EarlyAbstention_AnyStage_LosesLessThanLastOnlyWhereDearModelsCannotHelp()
    {
        double Loss(AbstentionStages stages)
        {
            var options = new FitOptions { Abstention = new AbstentionOptions { Penalty = 0.3, Stages = stages } };
            var context = World with { Options = options };
            var results = ConfidenceWorld.Run(new EarlyAbstention().Fit(context), context, Fresh);
            return results.Min(r => AbstentionLoss.Of(r, 10, 0.3).Loss);
        }

        var (any, last, never) = (Loss(AbstentionStages.Any), Loss(AbstentionStages.LastOnly), Loss(AbstentionStages.Never));
        Assert.True(any < last - 0.005 && last <= never + 0.005, $"any {any}, last only {last}, never {never}");
    }

    [Fact]
    public void EarlyAbstention_WrongOptions_AreNamed()
    {
        var context = World with { Options = new FitOptions { Abstention = new AbstentionOptions { Penalty = 2 } } };
        Assert.Contains("from 0 to 1", new EarlyAbstention().Unfit(context), StringComparison.Ordinal);
    }

    [Fact]
    public void AbstentionLoss_Of_CountsEachRequestOnce()
    {
        var results = ConfidenceWorld.Run(new EarlyAbstention().Fit(World), World, Fresh);
        var result = results.First(r => r.AbstentionRate > 0.05);
        var loss = AbstentionLoss.Of(result, 2, 0.5);
        Assert.Equal(1, loss.Error + loss.Abstained + result.MeanQuality, 1e-9);
        Assert.Equal(loss.Error + (2 * result.MeanCostUsd) + (0.5 * result.AbstentionRate), loss.Loss, 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => AbstentionLoss.Of(result, -1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => AbstentionLoss.Of(result, 1, 1.5));
    }

    [Fact]
    public void LearnedDeferral_SamePairOfSignals_ScoresDifferentStrongModelsDifferently()
    {
        var fitted = new LearnedDeferral().Fit(World);
        var scores = fitted.Candidates.Where(c => c.ScoreModels is not null && c.Policy is ChainSpec { Models: [0, _] })
            .GroupBy(c => ((ChainSpec)c.Policy).Models[1]).Select(g => ((BenefitScore)g.First().ScoreModels!.Value[0]!).Weights).ToArray();
        Assert.True(scores.Length >= 2);
        Assert.NotEqual(scores[0].AsEnumerable(), scores[1]);
    }

    [Fact]
    public void LearnedDeferral_ConfidenceWithoutBenefit_FindsTheBenefit()
    {
        // The draft is surely wrong where no model can be right, and a second signal alone tells which drafts a stronger model would mend.
        var context = ConfidenceWorld.Context(Hopeless(2_000, seed: 5));
        var fresh = Hopeless(2_000, seed: 6);
        var budget = 0.5 * (context.Models[0].CostUsd + context.Models[1].CostUsd);
        double At(ICascadeStrategy strategy) =>
            ConfidenceWorld.Hull(ConfidenceWorld.Run(strategy.Fit(context), context, fresh)).AtBudget(budget).Quality;
        var (learned, confident) = (At(new LearnedDeferral()), At(new TokenUncertaintyDeferral()));
        Assert.True(learned > confident + 0.03, $"{learned} against {confident}");
    }

    [Fact]
    public void AutoMix_VerificationThatCosts_IsPaidOnEveryDraftThatIsLookedAt()
    {
        var table = ConfidenceWorld.Table(300, 2, seed: 7, judgeCost: 0.0005);
        var context = ConfidenceWorld.Context(table);
        var fitted = new AutoMix().Fit(context);
        var results = ConfidenceWorld.Run(fitted, context, table);
        var levels = fitted.Candidates.Select((c, i) => (c.Policy, Result: results[i])).Where(p => p.Policy is LevelPairSpec).ToArray();
        Assert.NotEmpty(levels);
        Assert.All(levels, p =>
        {
            var escalated = p.Result.EscalationRate;
            var drafts = context.Models[0].CostUsd + 0.0005;
            Assert.InRange(p.Result.MeanCostUsd, drafts + (escalated * 0.9 * context.Models[1].CostUsd), drafts + (escalated * 1.1 * context.Models[1].CostUsd));
        });
        Assert.Equal(context.Models[0].CostUsd, results[0].MeanCostUsd, 1e-12);
    }

    [Fact]
    public void AutoMix_Candidates_DeliverWhatTheirTableExpects()
    {
        var fitted = new AutoMix().Fit(World);
        var hull = ConfidenceWorld.Hull(ConfidenceWorld.Run(fitted, World, World.Outcomes));
        var compat = ConfidenceWorld.Hull(ConfidenceWorld.Run(new AutoMix(LevelMethod.CompatPomdp).Fit(World), World, World.Outcomes));
        foreach (var budget in (double[])[0.003, 0.006, 0.012, 0.02])
        {
            Assert.True(hull.AtBudget(budget).Quality >= compat.AtBudget(budget).Quality - 1e-3, $"at {budget}");
        }
    }

    [Fact]
    public void CandidateEvidence_SharedScoreModels_AreScoredOnce()
    {
        var fitted = new TokenUncertaintyDeferral().Fit(World);
        var evidence = new CandidateEvidence(fitted, Fresh);
        var groups = fitted.Candidates.Where(c => c.ScoreModels is not null).GroupBy(c => c.ScoreModels!.Value).ToArray();
        Assert.True(groups.Length > 1 && groups.Any(g => g.Count() > 1));
        Assert.All(groups, g => Assert.Single(g.Select(c => evidence.For(c).Scores).Distinct()));
        Assert.Same(evidence.For(fitted.Candidates.First(c => c.ScoreModels is null)).Scores, evidence.For(new Candidate(ChainSpec.Direct(0), 0)).Scores);
    }

    private static OutcomeTable Hopeless(int rows, int seed)
    {
        var random = new Random(seed);
        var builder = new OutcomeTableBuilder();
        for (var q = 0; q < rows; q++)
        {
            var kind = random.Next(3);
            ImmutableArray<KeyValuePair<string, double>> signals =
            [
                new("token_logprob_mean", (kind == 2 ? -0.2 : kind == 1 ? -1.5 : -2.5) - (0.5 * random.NextDouble())),
                new("structure", kind == 1 ? 1 + random.NextDouble() : random.NextDouble()),
            ];
            Assert.Empty(builder.Add(new OutcomeRecord { QueryId = $"q{q}", Model = "a", Quality = kind == 2 ? 1 : 0, CostUsd = 1, Signals = signals }));
            Assert.Empty(builder.Add(new OutcomeRecord { QueryId = $"q{q}", Model = "b", Quality = kind == 0 ? 0 : 1, CostUsd = 10 }));
        }

        return builder.Build();
    }
}
