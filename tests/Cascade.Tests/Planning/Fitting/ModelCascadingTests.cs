using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Fitting;

public sealed class ModelCascadingTests
{
    private const double Tolerance = 1e-6;

    [Fact]
    public void T6_1_Confidence_MaxProbAndDistanceToUniform_RankAsThePaperSays()
    {
        Assert.Equal(0.7, ClassConfidence.MaxProb([0.7, 0.2, 0.1]), Tolerance);
        Assert.Equal(0.7333333, ClassConfidence.DistanceToUniformL1([0.7, 0.2, 0.1]), Tolerance);
        Assert.Equal(0, ClassConfidence.DistanceToUniformL1([1.0 / 3, 1.0 / 3, 1.0 / 3]), Tolerance);
        Assert.Equal(0.6666667, ClassConfidence.DistanceToUniformL1([0.5, 0.5, 0]), Tolerance);
        Assert.Equal(0.4333333, ClassConfidence.DistanceToUniformL1([0.55, 0.25, 0.2]), Tolerance);
        Assert.True(ClassConfidence.MaxProb([0.55, 0.25, 0.2]) > ClassConfidence.MaxProb([0.5, 0.5, 0]));
    }

    [Fact]
    public void T6_1_TwoClasses_BothGiveTheSameOrder() => Gen.Select(Gen.Double[0.01, 0.99], Gen.Double[0.01, 0.99]).Sample((a, b) =>
    {
        double[] p = [a, 1 - a], q = [b, 1 - b];
        var byMost = Math.Sign(Math.Round(ClassConfidence.MaxProb(p) - ClassConfidence.MaxProb(q), 9));
        Assert.Equal(byMost, Math.Sign(Math.Round(ClassConfidence.DistanceToUniformL1(p) - ClassConfidence.DistanceToUniformL1(q), 8)));
        Assert.Equal(byMost, Math.Sign(Math.Round(ClassConfidence.DistanceToUniformL2(p) - ClassConfidence.DistanceToUniformL2(q), 8)));
    });

    [Fact]
    public void T6_2_MoneyDoesNotMatter_PairBeatsBothModels()
    {
        const int Rows = 1_000;
        var context = Named(Enumerable.Range(0, Rows).Select(i => (i + 0.5) / Rows).ToArray());
        var points = context.Replay(new ModelCascading(ClassConfidenceKind.MaxProb).Fit(context));
        var best = points.MaxBy(p => p.Quality);
        Assert.Equal(0.68, best.Quality, Tolerance);
        Assert.Equal(0.6, Assert.Single(((ChainSpec)best.Policy).Thresholds), Tolerance);
    }

    [Fact]
    public void Confidence_ProbabilitiesThatDoNotSumToOne_AreDividedByTheirSum()
    {
        Assert.Equal(0.7, ClassConfidence.MaxProb([0.35, 0.1, 0.05, double.NaN]), Tolerance);
        Assert.Equal(0.7333333, ClassConfidence.DistanceToUniformL1([0.35, 0.1, 0.05, double.NaN]), Tolerance);
        Assert.Equal(Math.Sqrt(1 - 0.25), ClassConfidence.DistanceToUniformL2([0, 1, 0, 0]), Tolerance);
        Assert.True(double.IsNaN(ClassConfidence.MaxProb([0, 0])) && double.IsNaN(ClassConfidence.DistanceToUniformL1([double.NaN])));
        Assert.True(double.IsNaN(ClassConfidence.DistanceToUniformL2([])));
    }

    [Fact]
    public void Shared_AnyPool_IsTheBestOfEveryThreshold() => Gen.Select(FitTables.Pool(2, 4), Gen.Double[0, 30]).Sample((models, price) =>
    {
        var context = FitContexts.Of(models);
        var pool = StagePool.Of(context);
        int[] chain = [.. Enumerable.Range(0, models.Length - 1).Where(pool.IsScored), models.Length - 1];
        if (chain.Length < 2)
        {
            return;
        }

        var candidates = new CandidatePool();
        candidates.Add(pool.Direct(chain[0]), ChainSpec.Direct(chain[0]));
        SharedThreshold.AddTo(candidates, pool, chain);
        var best = candidates.Frontier().AtPrice(price);
        var brute = BruteForce.Best(context, BruteForce.Shared(context, chain).Append(ChainSpec.Direct(chain[0])), price);
        Assert.Equal(brute, best.Quality - (price * best.CostUsd), 1e-9);
    });

    [Fact]
    public void Fit_ClassProbabilities_AreReadAsConfidence()
    {
        var builder = new OutcomeTableBuilder();
        for (var i = 0; i < 20; i++)
        {
            var p = (i + 20.5) / 41;
            builder.Add(new OutcomeRecord
            {
                QueryId = $"q{i}",
                Model = "mini",
                Quality = i > 9 ? 1 : 0,
                CostUsd = 1,
                Signals = [new("class:A", p), new("class:B", 1 - p)],
            });
            builder.Add(new OutcomeRecord { QueryId = $"q{i}", Model = "large", Quality = 1, CostUsd = 10 });
        }

        var context = FitContexts.Of(builder.Build(), new SignalScore { Signal = "class:A" });
        foreach (var kind in new[] { ClassConfidenceKind.MaxProb, ClassConfidenceKind.DistanceToUniformL1, ClassConfidenceKind.DistanceToUniformL2 })
        {
            var fitted = new ModelCascading(kind).Fit(context);
            Assert.IsType<ClassScore>(fitted.ScoreModels[0]);
            Assert.Null(fitted.ScoreModels[1]);
            Assert.Contains(context.Replay(fitted), p => p.Quality == 1 && Math.Abs(p.CostUsd - 6) < 1e-9);
        }
    }

    [Fact]
    public void Unfit_NoClassSignal_SaysWhatToRecord()
    {
        var context = FitContexts.Of([PairStrategyTests.Linear(4, 1), PairStrategyTests.Constant(4, 0.9, 2)]);
        Assert.Contains("'maxprob' or class probabilities", new ModelCascading(ClassConfidenceKind.MaxProb).Unfit(context), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelCascading(ClassConfidenceKind.None));
    }

    private static FitContext Named(double[] scores)
    {
        var builder = new OutcomeTableBuilder();
        for (var i = 0; i < scores.Length; i++)
        {
            builder.Add(new OutcomeRecord { QueryId = $"q{i}", Model = "low", Quality = scores[i], CostUsd = 1, Signals = [new("maxprob", scores[i])] });
            builder.Add(new OutcomeRecord { QueryId = $"q{i}", Model = "high", Quality = 0.6, CostUsd = 2 });
        }

        return FitContexts.Of(builder.Build(), new SignalScore { Signal = "maxprob" });
    }
}
