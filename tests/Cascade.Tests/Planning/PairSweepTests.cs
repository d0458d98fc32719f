using Cascade.Planning.Frontier;
using Cascade.Planning.Sweeps;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning;

public sealed class PairSweepTests
{
    private const double Tolerance = 1e-6;

    private static readonly Gen<double[][]> ColumnSets = Gen.Int[1, 40].SelectMany(n => Gen.Select(
        Gen.Frequency(
            (1, Gen.Const(0.5).Array[n]),
            (2, Gen.Int[0, 3].Select(i => i / 3.0).Array[n]),
            (4, Gen.Frequency((1, Gen.Const(0.5)), (4, Gen.Double[-5, 5])).Array[n])),
        Gen.OneOf(Gen.Int[0, 1].Select(i => (double)i), Gen.Double[0, 1]).Array[n],
        Gen.OneOf(Gen.Int[0, 1].Select(i => (double)i), Gen.Double[0, 1]).Array[n],
        Gen.Frequency((1, Gen.Const(0.0)), (3, Gen.Double[0, 1e-3])).Array[n],
        Gen.Frequency((1, Gen.Const(0.0)), (3, Gen.Double[0, 1e-2])).Array[n],
        (s, uL, uH, cL, cH) => new[] { s, uL, uH, cL, cH }));

    [Theory]
    [InlineData(0.03, 0.6, 7, 0.86)]
    [InlineData(0, 0.9, 10, 0.905)]
    [InlineData(0.2, double.NegativeInfinity, 1, 0.5)]
    public void T1_1_Exact_LinearBenefit_HasTheClosedFormOptimum(double price, double threshold, double cost, double quality)
    {
        var curve = PairSweep.Exact(PairSamples.Linear(1_000).Rows);
        var best = curve.Frontier().AtPrice(price);
        Assert.Equal(threshold, PairSamples.Threshold(curve, best), Tolerance);
        Assert.Equal(cost, best.CostUsd, Tolerance);
        Assert.Equal(quality, best.Quality, Tolerance);
    }

    [Fact]
    public void T1_2_AtFloor_LinearBenefit_HasReciprocalPrices()
    {
        const double Floor = 0.8;
        var threshold = 0.9 - Math.Sqrt((0.9 * 0.9) - (2 * (Floor - 0.5)));
        var rows = Enumerable.Range(100_000, 10_000).First(n => Math.Abs((threshold * n) - Math.Floor(threshold * n) - 0.5) < 1e-4);
        var choice = PairSweep.Exact(PairSamples.Linear(rows).Rows).Frontier().AtFloor(Floor);
        Assert.Equal(0.4417424, threshold, Tolerance);
        Assert.Equal(5.4174243, choice.CostUsd, Tolerance);
        Assert.Equal(0.0458258, choice.QualityPerUsd, Tolerance);
        Assert.Equal(21.8217890, choice.UsdPerQuality, Tolerance);
    }

    [Fact]
    public void T1_3_Exact_LinearBenefit_GainsOverTheRandomLine()
    {
        var points = PairSweep.Exact(PairSamples.Linear(4_000).Rows).Points;
        var (area, first, last) = (0.0, points[0], points[^1]);
        for (var i = 1; i < points.Length; i++)
        {
            area += (points[i].CostUsd - points[i - 1].CostUsd) * ((points[i].Quality + points[i - 1].Quality) / 2);
        }

        var line = (last.CostUsd - first.CostUsd) * (first.Quality + last.Quality) / 2;
        Assert.Equal(0.2083333, (area - line) / ((last.CostUsd - first.CostUsd) * (last.Quality - first.Quality)), Tolerance);
    }

    [Fact]
    public void T1_4_AtFloor_NinetyPercentOfTheStrongModel_SavesTheClosedFormCost()
    {
        var curve = PairSweep.Exact(PairSamples.Linear(100_000).Rows);
        var choice = curve.Frontier().AtFloor(0.9 * curve.DirectHigh.Quality);
        Assert.Equal(5.641101, choice.CostUsd, Tolerance);
        Assert.Equal(0.4358899, 1 - (choice.CostUsd / curve.DirectHigh.CostUsd), Tolerance);
        Assert.Equal(0.46411, PairSamples.Threshold(curve, choice.Upper), 1e-5);
    }

    [Fact]
    public void T1_5_Exact_TwoStrongModels_SwitchAtTheClosedFormCost()
    {
        var dear = PairSweep.Exact(PairSamples.Linear(20_000, 0.98, 5).Rows);
        var cheap = PairSweep.Exact(PairSamples.Linear(20_000, 0.9, 4).Rows);
        var extra = 2 * ((0.9 / 4) - (0.98 / 5)) / ((1.0 / 16) - (1.0 / 25));
        Assert.Equal(2.5777778, extra, Tolerance);
        Assert.Equal(0.8723457, PairSamples.QualityAt(cheap, 1 + extra), Tolerance);
        Assert.Equal(0.8723457, PairSamples.QualityAt(dear, 1 + extra), Tolerance);
        Assert.True(PairSamples.QualityAt(cheap, extra) > PairSamples.QualityAt(dear, extra));
        Assert.True(PairSamples.QualityAt(cheap, 2 + extra) < PairSamples.QualityAt(dear, 2 + extra));
    }

    [Fact]
    public void T1_6_Exact_RisingBenefit_IsMixedOverByTheHull()
    {
        var curve = PairSweep.Exact(new PairSamples(1_000, _ => 0.2, s => s < 0.5 ? 0.3 : 0.7, _ => 10, 0).Rows);
        Assert.Equal(0.05, curve.Points[500].Quality - 0.2, Tolerance);
        Assert.Equal(0.30, curve.Points[1_000].Quality - 0.2, Tolerance);
        var half = curve.Frontier().AtBudget(5);
        Assert.Equal(0.03, half.QualityPerUsd, Tolerance);
        Assert.Equal(0.15, half.Quality - 0.2, Tolerance);
        Assert.Equal(0.5, half.UpperShare, Tolerance);
    }

    [Theory]
    [InlineData(0, 0.045)]
    [InlineData(0.6, 0.0375)]
    public void T1_7_Exact_CostDependsOnTheScore_PriceIsLocal(double threshold, double price)
    {
        var curve = PairSweep.Exact(new PairSamples(100_000, _ => 0.1, s => 1 - s, s => 20 * (1 - s), 0).Rows);
        var budget = 20 * (threshold - (threshold * threshold / 2));
        Assert.Equal(price, curve.Frontier().AtBudget(budget + 1e-9).QualityPerUsd, Tolerance);
    }

    [Fact]
    public void T3_1_Exact_FourRows_StopsWhereMoneyBuysNothing()
    {
        var curve = PairSweep.Exact(FourRows());
        Assert.Equal(
            [(1, 0.5), (3.5, 0.75), (6, 1.0), (8.5, 0.75), (11, 0.75)],
            curve.Points.ToArray().Select(p => (p.CostUsd, p.Quality)));
        Assert.Equal([0.3, 0.5, 0.75], Enumerable.Range(1, 3).Select(i => Math.Round(curve.PolicyOf(i).Threshold, 12)));
        var frontier = curve.Frontier();
        var (mixed, slack) = (frontier.AtBudget(4), frontier.AtBudget(6.5));
        Assert.Equal((0.1, 0.8), (Math.Round(mixed.QualityPerUsd, 9), Math.Round(mixed.Quality, 9)));
        Assert.Equal((FrontierFit.Slack, 0.0, 1.0), (slack.Fit, slack.QualityPerUsd, slack.Quality));
        Assert.InRange(PairSamples.Threshold(curve, slack.Lower), 0.4 + 1e-9, 0.6);
        Assert.Equal((10.0, 0.75), (curve.DirectHigh.CostUsd, curve.DirectHigh.Quality));
    }

    [Fact]
    public void Smooth_LinearBenefit_EqualsTheExactSweep()
    {
        var exact = PairSweep.Exact(PairSamples.Linear(500).Rows);
        var smooth = PairSweep.Smooth(PairSamples.Linear(500).Rows, EscalationCost.Mean);
        for (var i = 0; i < exact.Points.Length; i++)
        {
            Assert.Equal(exact.Points[i].Quality, smooth.Points[i].Quality, Tolerance);
            Assert.Equal(exact.Points[i].CostUsd, smooth.Points[i].CostUsd, Tolerance);
        }
    }

    [Fact]
    public void Smooth_CostDependsOnTheScore_FollowsItsLine()
    {
        var rows = new PairSamples(100_000, _ => 0.1, s => 1 - s, s => 20 * (1 - s), 0);
        var curve = PairSweep.Smooth(rows.Rows, EscalationCost.Linear);
        Assert.Equal(20 * (0.6 - 0.18), curve.Points[60_000].CostUsd, Tolerance);
        Assert.Equal(6, PairSweep.Smooth(rows.Rows, EscalationCost.Mean).Points[60_000].CostUsd, Tolerance);
    }

    [Fact]
    public void PolicyOf_NeighbouringDoubles_StillTellsThemApart()
    {
        double[] scores = [0.5, Math.BitIncrement(0.5)];
        var curve = PairSweep.Exact(new PairRows { Scores = scores, LowQuality = [0, 1], HighQuality = [1, 0], LowCostUsd = [1, 1], HighCostUsd = [2, 2] });
        var threshold = curve.PolicyOf(1).Threshold;
        Assert.True(scores[0] < threshold && !(scores[1] < threshold));
        Assert.Throws<ArgumentOutOfRangeException>(() => curve.PolicyOf(4));
    }

    [Fact]
    public void Exact_AnyRows_EveryThresholdReplaysToItsPoint() => ColumnSets.Sample(c =>
    {
        var curve = PairSweep.Exact(Rows(c));
        Assert.Equal(c[0].Distinct().Count() + 1, curve.Points.Length);
        foreach (var point in curve.Points)
        {
            var threshold = curve.PolicyOf(point.Policy).Threshold;
            var (cost, quality) = (0.0, 0.0);
            for (var i = 0; i < c[0].Length; i++)
            {
                var escalates = c[0][i] < threshold;
                cost += c[3][i] + (escalates ? c[4][i] : 0);
                quality += escalates ? c[2][i] : c[1][i];
            }

            Assert.Equal(cost / c[0].Length, point.CostUsd, 1e-12);
            Assert.Equal(quality / c[0].Length, point.Quality, 1e-12);
        }
    });

    [Fact]
    public void Smooth_AnyRows_MeetsTheExactSweepAtBothEnds() => ColumnSets.Sample(c =>
    {
        var exact = PairSweep.Exact(Rows(c));
        foreach (var kind in new[] { EscalationCost.Mean, EscalationCost.Linear })
        {
            var smooth = PairSweep.Smooth(Rows(c), kind);
            Assert.Equal(exact.Points[0], smooth.Points[0]);
            Assert.Equal(exact.Points[^1].Quality, smooth.Points[^1].Quality, 1e-9);
            Assert.All(smooth.Points.ToArray(), p => Assert.True(p.CostUsd >= 0));
            Assert.NotEmpty(smooth.Frontier().Vertices);
        }
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (one, ties, allEqual, free, rising, mixed) = (0, 0, 0, 0, 0, 0);
        ColumnSets.Sample(
            c =>
            {
                var curve = PairSweep.Exact(Rows(c));
                var groups = curve.Points.Length - 1;
                one += c[0].Length == 1 ? 1 : 0;
                ties += groups < c[0].Length && groups > 1 ? 1 : 0;
                allEqual += c[0].Length > 1 && groups == 1 ? 1 : 0;
                free += c[4].Contains(0) ? 1 : 0;
                rising += curve.Frontier().Vertices.Length < CostFrontier.Pareto(curve.Points).Length ? 1 : 0;
                mixed += curve.Frontier().Vertices.Length > 2 ? 1 : 0;
            },
            iter: 5_000, threads: 1);
        Assert.True(
            one > 30 && ties > 500 && allEqual > 100 && free > 500 && rising > 500 && mixed > 500,
            $"{one} single, {ties} ties, {allEqual} all equal, {free} free, {rising} rising, {mixed} mixed");
    }

    private static PairRows FourRows() => new()
    {
        Scores = new[] { 0.9, 0.6, 0.4, 0.2 },
        LowQuality = new[] { 1.0, 1, 0, 0 },
        HighQuality = new[] { 1.0, 0, 1, 1 },
        LowCostUsd = new[] { 1.0, 1, 1, 1 },
        HighCostUsd = new[] { 10.0, 10, 10, 10 },
    };

    private static PairRows Rows(double[][] c) =>
        new() { Scores = c[0], LowQuality = c[1], HighQuality = c[2], LowCostUsd = c[3], HighCostUsd = c[4] };
}
