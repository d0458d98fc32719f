using Cascade.Planning.Fitting;
using Cascade.Planning.Plans;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Fitting;

public sealed class PairStrategyTests
{
    private const double Tolerance = 1e-6;

    private static readonly PairOptions AllPairs = new() { NoBenefitAuroc = -1 };

    [Fact]
    public void T1_1_EnvelopeOfOnePair_HasTheClosedFormOptimum()
    {
        var context = FitContexts.Of([Linear(1_000, 1), Constant(1_000, 0.9, 10)]);
        var points = context.Replay(new PairwiseEnvelope().Fit(context));
        Assert.Equal(0.86 - (0.03 * 7), points.BestAt(0.03), Tolerance);
        Assert.Equal(0.905, points.BestAt(0), Tolerance);
        Assert.Equal(0.5 - 0.2, points.BestAt(0.2), Tolerance);
    }

    [Fact]
    public void T1_5_SwitchingPoints_TwoStrongModels_LieAtTheClosedFormCost()
    {
        const int Rows = 20_000;
        var context = FitContexts.Of([Linear(Rows, 1), Constant(Rows, 0.9, 4), Constant(Rows, 0.98, 5)]);
        var pairs = PairFrontiers.Of(context, new PairOptions());
        var point = Assert.Single(pairs.SwitchingPoints);
        Assert.Equal(1 + 2.5777778, point.CostUsd, Tolerance);
        Assert.Equal(0.8723457, point.Quality, Tolerance);
        Assert.Equal((new ModelPair(0, 1), new ModelPair(0, 2)), (point.Before, point.After));
    }

    [Fact]
    public void T1_9_RouterWithTheSameSignal_SavesTheDraftsOfEscalatedRows()
    {
        var context = FitContexts.Of([Linear(1_000, 1), Constant(1_000, 0.9, 10)]);
        var points = context.Replay(new PairwiseEnvelope().Fit(context));
        var cascade = points.MaxBy(p => p.Quality - (0.03 * p.CostUsd));
        var threshold = ((ChainSpec)cascade.Policy).Thresholds[0];
        var scores = context.Scores.Column(0).ToArray();
        var router = Enumerable.Range(0, 1_000).Average(i => scores[i] < threshold ? context.Outcomes.CostUsd(1)[i] : context.Outcomes.CostUsd(0)[i]);
        Assert.Equal(7.0, cascade.CostUsd, Tolerance);
        Assert.Equal(6.4, router, Tolerance);
        Assert.Equal(scores.Count(s => s < threshold) / 1_000.0, cascade.CostUsd - router, Tolerance);
    }

    [Fact]
    public void Fit_AnyPool_IsTheBestOfEveryPairAndThreshold() => Gen.Select(FitTables.Pool(2, 4), Gen.Double[0, 30]).Sample((models, price) =>
    {
        var context = FitContexts.Of(models);
        var strategy = new PairwiseEnvelope(AllPairs);
        if (strategy.Unfit(context) is not null)
        {
            return;
        }

        var best = BruteForce.Best(context, [.. BruteForce.Directs(context), .. BruteForce.Pairs(context)], price);
        Assert.Equal(best, context.Replay(strategy.Fit(context)).BestAt(price), 1e-9);
    });

    [Fact]
    public void Fit_RowsInAnotherOrder_OffersTheSameValue() => Gen.Select(FitTables.Pool(2, 4), Gen.Double[0, 30]).Sample((models, price) =>
    {
        var (one, other) = (FitContexts.Of(models), FitContexts.Of(models.Select(Reversed)));
        foreach (ICascadeStrategy strategy in new ICascadeStrategy[] { new PairwiseEnvelope(), new ThresholdPair(), new SubsequenceCascade(), new FixedChain() })
        {
            if (strategy.Unfit(one) is null)
            {
                Assert.Equal(one.Replay(strategy.Fit(one)).BestAt(price), other.Replay(strategy.Fit(other)).BestAt(price), 1e-9);
            }
        }
    });

    [Fact]
    public void SwitchingPoints_AnyPool_AreWhereTheBestPairChanges() => FitTables.Pool(2, 4).Sample(models =>
    {
        var points = PairFrontiers.Of(FitContexts.Of(models), AllPairs).SwitchingPoints;
        for (var i = 0; i < points.Length; i++)
        {
            Assert.NotEqual(points[i].Before, points[i].After);
            Assert.True(i == 0 || points[i].CostUsd >= points[i - 1].CostUsd);
            Assert.True(i == 0 || points[i].Before == points[i - 1].After);
        }
    });

    [Fact]
    public void Fit_ScoreSaysNothingOfTheBenefit_NeverEscalatesUnlessAsked()
    {
        double[] scores = [0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9];
        var draft = new TestModel(scores, [0, 0, 1, 1, 0, 0, 1, 1], TestModel.All(8, 1));
        var strong = new TestModel(TestModel.Unscored(8), [1, 1, 1, 1, 1, 1, 0, 0], TestModel.All(8, 2));
        var context = FitContexts.Of([draft, strong]);
        var pair = Assert.Single(PairFrontiers.Of(context, new PairOptions()).Pairs);
        Assert.Equal((0.5, 0.25, false), (pair.BenefitAuroc, pair.MeanBenefit, pair.Escalates));
        var fitted = new PairwiseEnvelope().Fit(context);
        Assert.All(fitted.Candidates, c => Assert.Single(((ChainSpec)c.Policy).Models));
        Assert.Contains("'m0' never escalates to 'm1'", Assert.Single(fitted.Remarks), StringComparison.Ordinal);
        Assert.Empty(new PairwiseEnvelope(AllPairs).Fit(context).Remarks);
        Assert.True(Assert.Single(PairFrontiers.Of(context, AllPairs).Pairs).Escalates);
    }

    [Fact]
    public void Fit_DraftsWithoutScore_AreNoPair()
    {
        var context = FitContexts.Of([
            new TestModel(TestModel.Unscored(4), [0, 1, 0, 1], TestModel.All(4, 1)),
            new TestModel([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], TestModel.All(4, 2)),
            new TestModel(TestModel.Unscored(4), [1, 1, 1, 1], TestModel.All(4, 3)),
        ]);
        Assert.Equal([new ModelPair(1, 2)], PairFrontiers.Of(context, new PairOptions()).Pairs.Select(p => p.Pair));
        var unscored = FitContexts.Of([new TestModel(TestModel.Unscored(1), [0], [1]), new TestModel([0.5], [1], [2])]);
        Assert.Contains("record a confidence signal", new PairwiseEnvelope().Unfit(unscored), StringComparison.Ordinal);
        Assert.Contains("record a confidence signal", Assert.Throws<ArgumentException>(() => new ThresholdPair().Fit(unscored)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_ThresholdPair_OffersOnePairAndItsModels()
    {
        var context = FitContexts.Of([Linear(400, 1), Constant(400, 0.9, 4), Constant(400, 0.98, 5)]);
        var models = new ThresholdPair().Fit(context).Candidates.SelectMany(c => ((ChainSpec)c.Policy).Models).Distinct().Order();
        Assert.Equal([0, 2], models);
        var limited = new ThresholdPair().Fit(context with { Options = new FitOptions { MaxCandidates = 50 } }).Candidates;
        Assert.Equal(50, limited.Length);
        Assert.Equal(50, limited.Select(c => ((ChainSpec)c.Policy).Thresholds.FirstOrDefault(((ChainSpec)c.Policy).Models[0])).Distinct().Count());
    }

    [Fact]
    public void Fit_Smooth_StaysCloseToTheExactEnvelopeAndRepeatsNoNoise()
    {
        var context = FitContexts.Of([Linear(500, 1), Constant(500, 0.9, 10)]);
        var smooth = context.Replay(new PairwiseEnvelope(new PairOptions { Smooth = true }).Fit(context));
        Assert.Equal(0.65, smooth.BestAt(0.03), 1e-4);
    }

    [Fact]
    public void Fit_JudgeThatCosts_IsPaidForByThresholdsOnly()
    {
        var draft = Linear(1_000, 1) with { JudgeCostUsd = TestModel.All(1_000, 0.5) };
        var context = FitContexts.Of([draft, Constant(1_000, 0.9, 10)]);
        var points = context.Replay(new PairwiseEnvelope().Fit(context));
        Assert.Equal(0.86 - (0.03 * 7.5), points.BestAt(0.03), Tolerance);
        Assert.Equal(1, points.Min(p => p.CostUsd), Tolerance);
    }

    [Fact]
    public void Hull_JudgeThatCosts_StartsAtTheTangentFromTheModelAlone()
    {
        var draft = Linear(1_000, 1) with { JudgeCostUsd = TestModel.All(1_000, 1) };
        var candidates = new CandidatePool();
        PairFrontiers.Of(FitContexts.Of([draft, Constant(1_000, 0.9, 10)]), new PairOptions()).AddTo(candidates, 0);
        var lowest = candidates.Points.Min(p => ((ChainSpec)candidates.PolicyOf(p)).Thresholds[0]);
        Assert.Equal((Math.Sqrt(19) - 1) / 10, lowest, 2e-3);
    }

    [Fact]
    public void Fit_InfiniteScores_StandBelowAndAboveAllOthers()
    {
        double[] scores = [double.NegativeInfinity, 0.5, double.PositiveInfinity, double.NegativeInfinity];
        var context = FitContexts.Of([
            new TestModel(scores, [0, 1, 1, 0], TestModel.All(4, 1)),
            new TestModel(TestModel.Unscored(4), [1, 1, 0, 1], TestModel.All(4, 10)),
        ]);
        var best = context.Replay(new PairwiseEnvelope().Fit(context)).MaxBy(p => p.Quality);
        Assert.Equal((6.0, 1.0), (best.CostUsd, best.Quality));
        Assert.Equal([0, 1], ((ChainSpec)best.Policy).Models);
    }

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (one, missing, unscored, ties, judged, switches, fitted) = (0, 0, 0, 0, 0, 0, 0);
        FitTables.Pool(2, 4).Sample(
            models =>
            {
                var context = FitContexts.Of(models);
                one += context.Outcomes.RowCount == 1 ? 1 : 0;
                missing += models.Any(m => m.Scores.Any(double.IsNaN) && !m.Scores.All(double.IsNaN)) ? 1 : 0;
                unscored += models.Any(m => m.Scores.All(double.IsNaN)) ? 1 : 0;
                ties += models.Any(m => m.Scores.Distinct().Count() is var d && d > 1 && d < m.Scores.Length) ? 1 : 0;
                judged += models.Any(m => m.JudgeCostUsd!.Any(c => c > 0)) ? 1 : 0;
                switches += PairFrontiers.Of(context, AllPairs).SwitchingPoints.Length > 0 ? 1 : 0;
                fitted += new PairwiseEnvelope(AllPairs).Unfit(context) is null
                    && new PairwiseEnvelope(AllPairs).Fit(context).Candidates.Any(c => ((ChainSpec)c.Policy).Models.Length == 2) ? 1 : 0;
            },
            iter: 2_000, threads: 1);
        Assert.True(
            one > 50 && missing > 300 && unscored > 200 && ties > 300 && judged > 500 && switches > 200 && fitted > 1_000,
            $"{one} single, {missing} missing, {unscored} unscored, {ties} ties, {judged} judged, {switches} switches, {fitted} fitted");
    }

    internal static TestModel Linear(int rows, double cost)
    {
        double[] scores = [.. Enumerable.Range(0, rows).Select(i => (i + 0.5) / rows)];
        return new TestModel(scores, scores, TestModel.All(rows, cost));
    }

    internal static TestModel Constant(int rows, double quality, double cost) =>
        new(TestModel.Unscored(rows), TestModel.All(rows, quality), TestModel.All(rows, cost));

    private static TestModel Reversed(TestModel model) => new(
        [.. model.Scores.Reverse()], [.. model.Quality.Reverse()], [.. model.CostUsd.Reverse()],
        model.JudgeCostUsd is { } judge ? [.. judge.Reverse()] : null);
}
