using Cascade.Planning.Calibration;
using Cascade.Planning.Fitting;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Fitting;

public sealed class FrugalCascadeTests
{
    [Fact]
    public void T3_1_Lists_FourRows_MixAndStopWhereMoneyBuysNothing()
    {
        var context = FitContexts.Of([
            new TestModel([0.9, 0.6, 0.4, 0.2], [1, 1, 0, 0], TestModel.All(4, 1)),
            new TestModel(TestModel.Unscored(4), [1, 0, 1, 1], TestModel.All(4, 10)),
        ]);
        var frontier = Lists(context).Frontier();
        Assert.Equal([(1, 0.5), (6, 1.0)], frontier.Vertices.Select(v => (v.CostUsd, v.Quality)));
        var (mixed, slack) = (frontier.AtBudget(4), frontier.AtBudget(6.5));
        Assert.Equal((FrontierFit.Binding, 0.1, 0.8), (mixed.Fit, Math.Round(mixed.QualityPerUsd, 9), Math.Round(mixed.Quality, 9)));
        Assert.Equal((FrontierFit.Slack, 0.0), (slack.Fit, slack.QualityPerUsd));
        var best = Assert.IsType<ChainSpec>(Lists(context).PolicyOf(slack.Lower));
        Assert.InRange(Assert.Single(best.Thresholds), 0.4 + 1e-9, 0.6);
    }

    [Fact]
    public void Lists_AnyThreeModels_AreTheBestOfEveryOrderAndThreshold() => Gen.Select(FitTables.Pool(3, 3), Gen.Double[0, 30]).Sample((models, price) =>
    {
        var context = FitContexts.Of(models);
        var found = Lists(context).Frontier().AtPrice(price);
        var best = BruteForce.Best(context, [.. BruteForce.Directs(context), .. BruteForce.Lists(context)], price);
        Assert.Equal(best, found.Quality - (price * found.CostUsd), 1e-9);
    });

    [Fact]
    public void Exact_FewerQuantilesThanScores_StaysOnTheSweepOfTheSecondStage()
    {
        var random = new Random(3);
        double[] Draw() => [.. Enumerable.Range(0, 600).Select(_ => random.NextDouble())];
        double[] Right(double[] p) => Array.ConvertAll(p, s => random.NextDouble() < s ? 1.0 : 0);
        var (one, two) = (Draw(), Draw());
        var context = FitContexts.Of([
            new TestModel(one, Right(one), TestModel.All(600, 1)), new TestModel(two, Right(two), TestModel.All(600, 2)),
            new TestModel(TestModel.Unscored(600), TestModel.All(600, 0.9), TestModel.All(600, 8)),
        ]);
        var sweep = new ThreeStageSweep(StagePool.Of(context), 0, 1, 2);
        double At(ListPoint[] hull, double price) => hull.Max(p => p.Point.Quality - (price * p.Point.CostUsd));
        foreach (var price in new[] { 0, 0.01, 0.05, 0.1 })
        {
            var (coarse, quantiles, all) = (At(sweep.Coarse(32), price), At(sweep.Exact(256), price), At(sweep.Exact(10_000), price));
            Assert.InRange(quantiles, coarse - 1e-3, all + 1e-12);
            Assert.InRange(all - quantiles, 0, 2e-3);
        }
    }

    [Fact]
    public void Fit_InformativeSignals_EscalatesWhatTheScorerDoubts()
    {
        var context = FitContexts.Of(Signals(600), new SignalScore { Signal = "noise" });
        var fitted = new FrugalCascade().Fit(context);
        var points = context.Replay(fitted);
        var (cheap, strong) = (context.Outcomes.CostUsd(0)[0], context.Outcomes.CostUsd(1)[0]);
        var middle = CostFrontier.Of([.. points.Select((p, i) => new FrontierPoint(p.CostUsd, p.Quality, i))]).AtBudget((cheap + strong) / 2);
        Assert.True(middle.Quality > ((context.Models[0].Quality + context.Models[1].Quality) / 2) + 0.05, $"{middle.Quality}");
        var score = Assert.IsType<LogisticScore>(fitted.ScoreModels[0]);
        Assert.True(score.Terms.Single(t => t.Signal == "sure").Weight > 5 * Math.Abs(score.Terms.Single(t => t.Signal == "noise").Weight));
    }

    [Fact]
    public void CrossFit_SignalsOfPureChance_AreNotTrusted()
    {
        var table = Signals(200, extra: 20);
        var chance = table.Select([1], [.. Enumerable.Range(0, table.RowCount)]);
        bool[] right = [.. chance.Quality(0).ToArray().Select(u => u > 0.5)];
        var own = CalibrationMetrics.Auroc(ScoreMatrix.Of(chance, LogisticScorer.Fit(chance)).Column(0), right);
        var crossed = CalibrationMetrics.Auroc(LogisticScorer.CrossFit(chance, 1).Column(0), right);
        Assert.True(own > 0.65, $"{own}");
        Assert.InRange(crossed, 0.35, 0.62);
    }

    [Fact]
    public void Apply_MissingAndExtremeSignals_CountAsCentreAndEnds()
    {
        var score = new LogisticScore
        {
            Intercept = 0.5,
            Terms =
            [
                new LogisticTerm { Signal = "a", Weight = 2, Centre = 1, Scale = 2, Lowest = -1, Highest = 3 },
                new LogisticTerm { Signal = "b", Weight = -1, Centre = 0, Scale = 1, Lowest = 0, Highest = 1 },
            ],
        };
        double At(double z) => 1 / (1 + Math.Exp(-z));
        Assert.Equal(At(0.5), score.Apply([1, double.NaN]), 1e-12);
        Assert.Equal(At(2.5), score.Apply([double.PositiveInfinity, double.NaN]), 1e-12);
        Assert.Equal(At(-1.5 - 1), score.Apply([double.NegativeInfinity, 7]), 1e-12);
        Assert.True(double.IsNaN(score.Apply([double.NaN, double.NaN])));
    }

    [Fact]
    public void Unfit_NothingToScoreBy_SaysWhatToRecord()
    {
        var context = FitContexts.Of([PairStrategyTests.Constant(4, 0.5, 1), PairStrategyTests.Constant(4, 0.9, 2)]);
        Assert.Contains("record signals or output tokens", new FrugalCascade().Unfit(context), StringComparison.Ordinal);
    }

    private static CandidatePool Lists(FitContext context)
    {
        var pool = StagePool.Of(context);
        var candidates = new CandidatePool();
        foreach (var model in Enumerable.Range(0, pool.ModelCount))
        {
            candidates.Add(pool.Direct(model), ChainSpec.Direct(model));
        }

        ListSearch.AddTo(candidates, pool, [.. Enumerable.Range(0, pool.ModelCount)], 3);
        return candidates;
    }

    private static OutcomeTable Signals(int rows, int extra = 1)
    {
        var random = new Random(11);
        var builder = new OutcomeTableBuilder();
        for (var row = 0; row < rows; row++)
        {
            var sure = random.NextDouble();
            KeyValuePair<string, double>[] noise = [.. Enumerable.Range(0, extra).Select(i => KeyValuePair.Create(i == 0 ? "noise" : $"noise{i}", random.NextDouble()))];
            builder.Add(new OutcomeRecord
            {
                QueryId = $"q{row}",
                Model = "cheap",
                Quality = random.NextDouble() < sure ? 1 : 0,
                CostUsd = 1,
                OutputTokens = 10,
                Signals = [new("sure", sure), .. noise],
            });
            builder.Add(new OutcomeRecord { QueryId = $"q{row}", Model = "strong", Quality = random.NextDouble() < 0.9 ? 1 : 0, CostUsd = 5, Signals = [.. noise] });
        }

        return builder.Build();
    }
}
