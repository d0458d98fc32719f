using Cascade.Planning.Agreement;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Agreement;

public sealed class AgreementSearchTests
{
    private static readonly Gen<double> Confidence = Gen.Int[0, 5].Select(i => i / 5.0);

    private static readonly Gen<(AgreementStage[] Search, AgreementStage[] Calibration)> Chains = Gen.Int[1, 3].SelectMany(k => Gen.Select(
        Gen.Int[1, 40].SelectMany(n => Stage(n).Array[k]), Gen.Int[1, 120].SelectMany(n => Stage(n).Array[k])));

    [Theory]
    [InlineData(9, 9)]
    [InlineData(19, 18)]
    [InlineData(50, 46)]
    [InlineData(100, 91)]
    [InlineData(8, 9)]
    public void T7_7_Index_IsTheKnownOrderStatistic(int rows, int index) => Assert.Equal(index, ConformalCostBound.Index(rows, 0.1));

    [Fact]
    public void T7_7_EightRows_VouchForNoBound()
    {
        Assert.Equal(double.PositiveInfinity, ConformalCostBound.Of([1, 2, 3, 4, 5, 6, 7, 8], 0.1));
        Assert.Equal(9, ConformalCostBound.Of([9, 2, 3, 4, 5, 6, 7, 8, 1], 0.1));
    }

    [Fact]
    public void Of_WrongNumbers_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => ConformalCostBound.Of([], 0.1));
        Assert.Throws<ArgumentException>(() => ConformalCostBound.Of([double.NaN], 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConformalCostBound.Of([1], 1));
    }

    [Fact]
    public void Find_SureWhereItAgrees_KeepsWhatAgrees()
    {
        var chain = Chain(200, i => i % 2 == 0 ? 1 : 0.2, i => i % 2 == 0 ? 1 : 0);
        var found = AgreementSearch.Find(chain, chain, AgreementSearch.PublishedGrid, limitUsd: 11, alpha: 0.1, delta: 0.05);
        Assert.True(found.IsFeasible);
        Assert.Equal(0, found.Disagreement);
        Assert.InRange(found.Thresholds[0], 0.21, 1);
        Assert.Equal((0.0, 11.0), (found.ExceedanceRate, found.EmpiricalCostUsd));
    }

    [Fact]
    public void Find_LimitBelowEscalation_KeepsEverything()
    {
        var chain = Chain(200, i => i % 2 == 0 ? 1 : 0.2, i => i % 2 == 0 ? 1 : 0);
        var found = AgreementSearch.Find(chain, chain, AgreementSearch.PublishedGrid, limitUsd: 5, alpha: 0.1, delta: 0.05);
        Assert.Equal((0.5, 1.0), (found.Disagreement, found.EmpiricalCostUsd));
    }

    [Fact]
    public void Find_TooFewCalibrationRows_VouchesForNothing()
    {
        var (search, calibration) = (Chain(50, _ => 1, _ => 1), Chain(8, _ => 1, _ => 1));
        var found = AgreementSearch.Find(search, calibration, AgreementSearch.PublishedGrid, limitUsd: 100, alpha: 0.1, delta: 0.05);
        Assert.False(found.IsFeasible);
        Assert.Equal(double.PositiveInfinity, found.EmpiricalCostUsd);
    }

    [Fact]
    public void Find_AnyChain_AcceptsOnlyWhatTheCalibrationRowsAllow() => Gen.Select(Chains, Gen.Double[0, 30]).Sample((chains, limit) =>
    {
        var found = AgreementSearch.Find(chains.Search, chains.Calibration, AgreementSearch.PublishedGrid, limit, 0.2, 0.1);
        if (found.IsFeasible)
        {
            Assert.InRange(found.Disagreement, 0, 1);
            Assert.InRange(found.ExceedanceRate, 0, 0.2);
            Assert.Equal(chains.Search.Length - 1, found.Thresholds.Length);
        }
        else
        {
            Assert.Empty(found.Thresholds);
        }
    });

    [Fact]
    public void Find_WrongArguments_AreNamed()
    {
        var chain = Chain(3, _ => 1, _ => 1);
        var grid = AgreementSearch.PublishedGrid;
        Assert.Throws<ArgumentException>(() => AgreementSearch.Find([], chain, grid, 1, 0.1, 0.1));
        Assert.Throws<ArgumentException>(() => AgreementSearch.Find(chain, [chain[1]], grid, 1, 0.1, 0.1));
        Assert.Throws<ArgumentException>(() => AgreementSearch.Find(chain, chain, [0.5, 0.5], 1, 0.1, 0.1));
        Assert.Throws<ArgumentException>(() => AgreementSearch.Find(chain, chain, [], 1, 0.1, 0.1));
        var wrong = new[] { new AgreementStage { CostUsd = new double[3], Confidence = new[] { 1, double.NaN, 1 }, Agrees = new double[2] }, chain[1] };
        var error = Assert.Throws<ArgumentException>(() => AgreementSearch.Find(wrong, chain, grid, 1, 0.1, 0.1));
        Assert.Contains("search[0].Confidence[1] is NaN", error.Message, StringComparison.Ordinal);
        Assert.Contains("search[0].Agrees has 2 values where 3 are needed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (feasible, refused, single, one) = (0, 0, 0, 0);
        Gen.Select(Chains, Gen.Double[0, 30]).Sample(
            (chains, limit) =>
            {
                var found = AgreementSearch.Find(chains.Search, chains.Calibration, AgreementSearch.PublishedGrid, limit, 0.2, 0.1);
                feasible += found.IsFeasible && found.Accepted > 1 ? 1 : 0;
                refused += found.IsFeasible ? 0 : 1;
                single += chains.Search.Length == 1 ? 1 : 0;
                one += chains.Search[0].CostUsd.Length == 1 ? 1 : 0;
            },
            iter: 600, threads: 1);
        Assert.True(feasible > 50 && refused > 50 && single > 50 && one > 5, $"{feasible} {refused} {single} {one}");
    }

    private static Gen<AgreementStage> Stage(int rows) => Gen.Select(
        Confidence.Array[rows], Gen.Int[0, 1].Select(i => (double)i).Array[rows], Gen.Double[0, 10].Array[rows],
        (s, a, c) => new AgreementStage { Confidence = s, Agrees = a, CostUsd = c });

    private static AgreementStage[] Chain(int rows, Func<int, double> confidence, Func<int, double> agrees) =>
    [
        new AgreementStage
        {
            Confidence = Enumerable.Range(0, rows).Select(confidence).ToArray(),
            Agrees = Enumerable.Range(0, rows).Select(agrees).ToArray(),
            CostUsd = Enumerable.Repeat(1.0, rows).ToArray(),
        },
        new AgreementStage { CostUsd = Enumerable.Repeat(10.0, rows).ToArray() },
    ];
}
