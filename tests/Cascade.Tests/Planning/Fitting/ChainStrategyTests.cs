using Cascade.Planning.Fitting;
using Cascade.Planning.Plans;
using Cascade.Planning.Sweeps;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Fitting;

public sealed class ChainStrategyTests
{
    private const double Tolerance = 1e-6;

    [Fact]
    public void T1_8_Induction_ThreeIndependentStages_MeetsTheFirstOrderConditions()
    {
        const double Price = 0.01;
        var context = ThreeStages(800, 40);
        var induction = new ChainInduction(StagePool.Of(context), 3);
        induction.End(2);
        Assert.Equal(0.75, induction.Prepend(1, 1, Price), Tolerance);
        Assert.Equal(0.74125, induction.Prepend(2, 0, Price), Tolerance);
        Assert.Equal(15.08375, induction.CostUsd(3), Tolerance);
        Assert.Equal(0.91556328, induction.Quality(3), Tolerance);
        Assert.Equal(0.76472578, induction.Quality(3) - (Price * induction.CostUsd(3)), Tolerance);
    }

    [Fact]
    public void T1_8_Strategies_PairBeatsTheThreeStages_LeaveTheSecondOut()
    {
        // At this price the pair of the first and the last model is worth 0.93125 − 0.01·16, more than the chain of three.
        var context = ThreeStages(100, 100);
        Assert.Equal(0.77125, context.Replay(new SubsequenceCascade().Fit(context)).BestAt(0.01), 1e-3);
        Assert.Equal(0.77125, context.Replay(new FixedChain().Fit(context)).BestAt(0.01), 1e-3);
    }

    [Fact]
    public void Fit_AnyPool_IsWorthAtLeastTheBestPairAtEveryPrice() => FitTables.Pool(2, 4).Sample(models =>
    {
        var context = FitContexts.Of(models);
        if (new SubsequenceCascade().Unfit(context) is not null)
        {
            return;
        }

        var chains = context.Replay(new SubsequenceCascade().Fit(context));
        var pool = StagePool.Of(context);
        var pairs = BruteForce.Points(context, [.. BruteForce.Directs(context), .. BruteForce.Pairs(context)]);
        foreach (var price in ChainPrices.Of(pool, ChainPrices.Pairs(pool), context.Options.PriceGridSize))
        {
            Assert.True(chains.BestAt(price) >= pairs.BestAt(price) - 1e-9);
        }

        Assert.All(chains, c => Assert.True(((ChainSpec)c.Policy).Models.Length <= 3));
    });

    [Fact]
    public void Induction_AnyChain_NoStageGainsByAnotherThreshold() => Gen.Select(FitTables.Pool(2, 4), Gen.Double[0, 30]).Sample((models, price) =>
    {
        var context = FitContexts.Of(models);
        var pool = StagePool.Of(context);
        int[] chain = [.. Enumerable.Range(0, models.Length - 1).Where(pool.IsScored), models.Length - 1];
        var thresholds = Thresholds(pool, chain, price);
        for (var stage = 0; stage < thresholds.Length; stage++)
        {
            var value = Value(pool, chain[stage..], thresholds[stage..], price);
            foreach (var other in BruteForce.Thresholds(context, chain[stage]).Append(double.NegativeInfinity))
            {
                Assert.True(Value(pool, chain[stage..], [other, .. thresholds[(stage + 1)..]], price) <= value + 1e-9);
            }
        }
    });

    [Fact]
    public void Induction_AnyChainWithoutJudgeCosts_FindsTheThresholdsOfChainFit() =>
        Gen.Select(FitTables.Pool(2, 4), Gen.Double[0, 30]).Sample((models, price) =>
        {
            var pool = StagePool.Of(FitContexts.Of(models.Select(m => m with { JudgeCostUsd = null })));
            int[] chain = [.. Enumerable.Range(0, models.Length - 1).Where(pool.IsScored), models.Length - 1];
            var fit = ChainFit.AtPrice(
                [.. chain.Select((m, i) => new ChainStage
                {
                    Scores = i == chain.Length - 1 ? default : pool.Scores(m), Quality = pool.Quality(m), CostUsd = pool.CostUsd(m),
                })],
                price);
            Assert.Equal(fit.Value, Value(pool, chain, Thresholds(pool, chain, price), price), 1e-9);
        });

    [Fact]
    public void Fit_AnyPool_OffersWhatTheEvaluatorFinds() => FitTables.Pools.Sample(models =>
    {
        var context = FitContexts.Of(models);
        var pool = StagePool.Of(context);
        int[] chain = [.. Enumerable.Range(0, models.Length - 1).Where(pool.IsScored), models.Length - 1];
        var candidates = new CandidatePool();
        FixedChain.AddTo(candidates, pool, chain, [0, 0.1, 1, 10, 100]);
        QuantileChain.AddTo(candidates, pool, chain, 10);
        SharedThreshold.AddTo(candidates, pool, chain);
        ChainPrices.Pairs(pool).AddTo(candidates, 20);
        var fitted = new FittedStrategy { Strategy = "chains", Candidates = candidates.Select(10_000), ScoreModels = context.ScoreModels };
        Assert.Equal(candidates.Points.Length, fitted.Candidates.Length);
        Assert.All(context.Replay(fitted).Zip(candidates.Points), pair =>
        {
            Assert.Equal(pair.First.CostUsd, pair.Second.CostUsd, 1e-12);
            Assert.Equal(pair.First.Quality, pair.Second.Quality, 1e-12);
        });
    });

    [Fact]
    public void Fit_OneModelBeatsAll_ThereIsNoCascade()
    {
        var context = FitContexts.Of([
            new TestModel([0.2, 0.4, 0.6], [1, 1, 1], TestModel.All(3, 1)),
            new TestModel([0.2, 0.4, 0.6], [0, 1, 1], TestModel.All(3, 2)),
        ]);
        var only = Assert.Single(new FixedChain().Fit(context).Candidates);
        Assert.Equal([0], ((ChainSpec)only.Policy).Models);
    }

    [Fact]
    public void Select_MoreThanAllowed_KeepsTheHullAndItsNeighbours()
    {
        var pool = new CandidatePool();
        for (var i = 0; i <= 100; i++)
        {
            var quality = Math.Sqrt(i / 100.0);
            pool.Add(i, i % 5 == 0 ? quality : quality - 0.05 - (i % 7 * 0.01), ChainSpec.Direct(i));
        }

        int[] kept = [.. pool.Select(40).Select(c => ((ChainSpec)c.Policy).Models[0]).Order()];
        Assert.Equal(40, kept.Distinct().Count());
        Assert.Superset(Enumerable.Range(0, 21).Select(i => i * 5).ToHashSet(), kept.ToHashSet());
        Assert.All(Enumerable.Range(0, 20), i => Assert.InRange(kept.Count(m => m > i * 5 && m < (i + 1) * 5), 0, 1));
        int[] few = [.. pool.Select(8).Select(c => ((ChainSpec)c.Policy).Models[0]).Order()];
        Assert.Equal((8, 0, 100), (few.Length, few[0], few[^1]));
        Assert.Equal(101, pool.Select(1_000).Length);
    }

    [Fact]
    public void Nearest_TooManyModels_KeepsThoseNextToTheHull()
    {
        var pool = StagePool.Of(FitContexts.Of(Enumerable.Range(0, 20).Select(i => PairStrategyTests.Constant(2, i % 2 == 0 ? 0.5 + (i / 100.0) : 0.1, i + 1))));
        Assert.Equal([0, 2, 4, 6, 8, 10, 12, 14, 16, 18], ModelPool.Nearest(pool, 10).Order());
    }

    private static FitContext ThreeStages(int firstSide, int secondSide)
    {
        var (one, two) = (new double[firstSide * secondSide], new double[firstSide * secondSide]);
        for (var i = 0; i < one.Length; i++)
        {
            (one[i], two[i]) = (((i / secondSide) + 0.5) / firstSide, ((i % secondSide) + 0.5) / secondSide);
        }

        return FitContexts.Of([
            new TestModel(one, one, TestModel.All(one.Length, 1)),
            new TestModel(two, two, TestModel.All(one.Length, 4)),
            new TestModel(TestModel.Unscored(one.Length), TestModel.All(one.Length, 0.95), TestModel.All(one.Length, 20)),
        ]);
    }

    private static double[] Thresholds(StagePool pool, int[] chain, double price)
    {
        var induction = new ChainInduction(pool, chain.Length);
        induction.End(chain[^1]);
        for (var stages = 1; stages < chain.Length; stages++)
        {
            induction.Prepend(stages, chain[^(stages + 1)], price);
        }

        return induction.Thresholds(chain.Length);
    }

    private static double Value(StagePool pool, int[] chain, double[] thresholds, double price)
    {
        var value = 0.0;
        for (var row = 0; row < pool.RowCount; row++)
        {
            for (var stage = 0; ; stage++)
            {
                var judged = stage < chain.Length - 1 && !double.IsNegativeInfinity(thresholds[stage]);
                value -= price * (judged ? pool.JudgedCostUsd(chain[stage]) : pool.CostUsd(chain[stage]))[row];
                if (!judged || !(pool.Scores(chain[stage])[row] < thresholds[stage]))
                {
                    value += pool.Quality(chain[stage])[row];
                    break;
                }
            }
        }

        return value / pool.RowCount;
    }
}
