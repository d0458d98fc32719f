using Cascade.Planning.Frontier;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning;

public sealed class FrontierTests
{
    private const double Tolerance = 1e-6;

    private static readonly FrontierPoint[] Three = [new(1, 0.6, 0), new(5, 0.8, 1), new(20, 0.9, 2)];

    private static readonly Gen<FrontierPoint[]> PointSets = Gen.Select(
        Gen.Frequency((1, Gen.Const(0.5)), (1, Gen.Int[0, 4].Select(i => i / 4.0)), (5, Gen.Double.Unit)),
        Gen.Frequency((1, Gen.Const(0.5)), (1, Gen.Int[0, 4].Select(i => i / 4.0)), (5, Gen.Double.Unit)),
        (cost, quality) => new FrontierPoint(cost, quality, 0)).Array[1, 40]
        .Select(points => points.Select((p, i) => p with { Policy = i }).ToArray());

    [Theory]
    [InlineData(3, 0.05, 0.5, 0.70)]
    [InlineData(10, 0.1 / 15, 1.0 / 3, 0.8333333333)]
    public void AtBudget_ThreeModels_MixesNeighbours(double budget, double price, double share, double quality)
    {
        var choice = CostFrontier.Of(Three).AtBudget(budget);
        Assert.Equal(FrontierFit.Binding, choice.Fit);
        Assert.Equal(price, choice.QualityPerUsd, Tolerance);
        Assert.Equal(1, choice.QualityPerUsd * choice.UsdPerQuality, Tolerance);
        Assert.Equal(share, choice.UpperShare, Tolerance);
        Assert.Equal(quality, choice.Quality, Tolerance);
        Assert.Equal(budget, choice.CostUsd, Tolerance);
    }

    [Fact]
    public void AtBudget_ModelUnderTheChord_IsMixedOver()
    {
        var frontier = CostFrontier.Of([new(6, 0.65, 1), new(11, 0.9, 2), new(1, 0.6, 0)]);
        Assert.Equal([0, 2], frontier.Vertices.Select(v => v.Policy));
        var choice = frontier.AtBudget(6);
        Assert.Equal((0.03, 0.5, 0.75), (Math.Round(choice.QualityPerUsd, 9), Math.Round(choice.UpperShare, 9), Math.Round(choice.Quality, 9)));
    }

    [Fact]
    public void AtBudget_OutsideTheFrontier_SaysSo()
    {
        var frontier = CostFrontier.Of(Three);
        var (below, above) = (frontier.AtBudget(0.5), frontier.AtBudget(20));
        Assert.Equal((FrontierFit.Infeasible, 0, double.PositiveInfinity), (below.Fit, below.Lower.Policy, below.QualityPerUsd));
        Assert.Equal((FrontierFit.Slack, 2, 0.0), (above.Fit, above.Lower.Policy, above.QualityPerUsd));
        Assert.Throws<ArgumentOutOfRangeException>(() => frontier.AtBudget(double.NaN));
    }

    [Fact]
    public void AtFloor_OutsideTheFrontier_SaysSo()
    {
        var frontier = CostFrontier.Of(Three);
        var (below, above, top) = (frontier.AtFloor(0.6), frontier.AtFloor(0.91), frontier.AtFloor(0.9));
        Assert.Equal((FrontierFit.Slack, 0, 0.0), (below.Fit, below.Lower.Policy, below.UsdPerQuality));
        Assert.Equal((FrontierFit.Infeasible, 2), (above.Fit, above.Lower.Policy));
        Assert.Equal((FrontierFit.Binding, 1.0, 20.0), (top.Fit, top.UpperShare, top.CostUsd));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(0.006, 2)]
    [InlineData(0.05, 0)]
    [InlineData(0.0499, 1)]
    [InlineData(double.PositiveInfinity, 0)]
    public void AtPrice_Tie_TakesTheCheaper(double price, int policy) =>
        Assert.Equal(policy, CostFrontier.Of(Three).AtPrice(price).Policy);

    [Fact]
    public void Of_CollinearOrEqualPoints_LeavesTheEnds()
    {
        Assert.Equal([0, 2], CostFrontier.Of([new(1, 0.5, 0), new(3.5, 0.75, 1), new(6, 1, 2), new(8.5, 0.75, 3)]).Vertices.Select(v => v.Policy));
        Assert.Equal([4], CostFrontier.Of([new(1, 0.5, 7), new(1, 0.5, 4), new(1, 0.4, 1)]).Vertices.Select(v => v.Policy));
        Assert.Equal([1], CostFrontier.Of([new(1, 0.5, 0), new(1 + 5e-16, 0.6, 1)]).Vertices.Select(v => v.Policy));
    }

    [Theory]
    [InlineData(double.NaN, 0.5)]
    [InlineData(-1, 0.5)]
    [InlineData(double.PositiveInfinity, 0.5)]
    [InlineData(1, double.NaN)]
    public void Of_BadPoint_NamesIt(double cost, double quality)
    {
        var error = Assert.Throws<ArgumentException>(() => CostFrontier.Of([new(1, 0.5, 0), new(cost, quality, 1)]));
        Assert.Contains("point 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CostFrontier.Of([]));
    }

    [Fact]
    public void Of_AnyPoints_IsTheLeastConcaveCover() => PointSets.Sample(points =>
    {
        var frontier = CostFrontier.Of(points);
        for (var j = 1; j < frontier.Prices.Length; j++)
        {
            Assert.True(frontier.Prices[j] < frontier.Prices[j - 1]);
        }

        Assert.All(frontier.Vertices, v => Assert.Contains(v.Policy, points.Select(p => p.Policy)));
        foreach (var p in points)
        {
            Assert.True(frontier.AtBudget(p.CostUsd).Quality >= p.Quality - 1e-9);
        }
    });

    [Fact]
    public void AtBudget_AnyPair_IsNeverBeatenByAMixOfTwoPolicies() => Gen.Select(PointSets, Gen.Double[0, 1], Gen.Int[0, 39], Gen.Int[0, 39])
        .Sample((points, share, i, j) =>
        {
            var (a, b) = (points[i % points.Length], points[j % points.Length]);
            var (cost, quality) = (a.CostUsd + (share * (b.CostUsd - a.CostUsd)), a.Quality + (share * (b.Quality - a.Quality)));
            return CostFrontier.Of(points).AtBudget(cost * (1 + 1e-12)).Quality >= quality - 1e-9;
        });

    [Fact]
    public void AtFloor_OfABudgetsQuality_ReturnsTheBudget() => Gen.Select(PointSets, Gen.Double[0, 1]).Sample((points, share) =>
    {
        var frontier = CostFrontier.Of(points);
        var budget = frontier.Vertices[0].CostUsd + (share * (frontier.Vertices[^1].CostUsd - frontier.Vertices[0].CostUsd));
        var there = frontier.AtBudget(budget);
        var back = frontier.AtFloor(there.Quality);
        return there.Fit != FrontierFit.Binding || there.UpperShare is < 1e-6 or > 1 - 1e-6
            || (Math.Abs(back.CostUsd - budget) < 1e-9 && back.QualityPerUsd == there.QualityPerUsd);
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (ties, single, hulls, underChord) = (0, 0, new HashSet<int>(), 0);
        PointSets.Sample(
            points =>
            {
                var frontier = CostFrontier.Of(points);
                ties += points.DistinctBy(p => (p.CostUsd, p.Quality)).Count() < points.Length ? 1 : 0;
                single += points.Length == 1 ? 1 : 0;
                underChord += CostFrontier.Pareto(points).Length > frontier.Vertices.Length ? 1 : 0;
                hulls.Add(frontier.Vertices.Length);
            },
            iter: 3_000, threads: 1);
        Assert.True(ties > 150 && single > 10 && underChord > 300, $"{ties} with ties, {single} single, {underChord} under a chord");
        Assert.Superset(new HashSet<int> { 1, 2, 3, 4, 5 }, hulls);
    }
}
