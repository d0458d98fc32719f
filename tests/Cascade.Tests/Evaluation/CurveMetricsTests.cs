using Cascade.Planning.Evaluation;
using Cascade.Planning.Frontier;
using Cascade.Planning.Sweeps;
using Cascade.Tests.Planning;
using Xunit;

namespace Cascade.Tests.Evaluation;

public sealed class CurveMetricsTests
{
    private const double Tolerance = 1e-6;

    /// <summary>s uniform, m_L = s, m_H = 0.9, c_L = 1, c_H = 10: U = 1/2 + 0.9τ − τ²/2 at C = 1 + 10τ.</summary>
    private static PairCurve Linear => PairSweep.Exact(PairSamples.Linear(20_000).Rows);

    [Fact]
    public void T1_3_GainOverTheLineToFullEscalation_IsOneTwelfthOfTheHeight()
    {
        var gain = CurveMetrics.Gain(Linear.Points, new FrontierPoint(1, 0.5, 0), new FrontierPoint(11, 0.9, 1));

        Assert.Equal(1 / (12 * 0.4), gain, Tolerance);
    }

    [Fact]
    public void T1_4_CostReductionAt90_IsWhereTheQuadraticReaches81Percent()
    {
        var curve = Linear;
        var saved = CurveMetrics.CostReduction(curve.Points, curve.DirectHigh, 0.9);

        Assert.Equal(1 - 0.5641101, saved, Tolerance);
    }

    [Fact]
    public void Auc_OfTheSameCurve_IsTheMeanOfTheParabola()
    {
        var area = CurveMetrics.Auc(Linear.Points, 1, 11, 0.5);

        Assert.Equal(0.5 + (0.9 / 2) - (1.0 / 6), area, Tolerance);
    }

    [Theory]
    [InlineData(0, 1, 0.7)]
    [InlineData(0, 2, (0.7 + 0.8) / 2)]
    [InlineData(0.5, 1, 0.75)]
    [InlineData(1, 3, 0.8)]
    [InlineData(-1, 1, (0.45 + 0.7) / 2)]
    public void Auc_CurveAndRangeDiffer_EndsFollowTheDefinition(double lowest, double highest, double expected)
    {
        FrontierPoint[] curve = [new(1, 0.8, 1), new(0, 0.6, 0)];

        Assert.Equal(expected, CurveMetrics.Auc(curve, lowest, highest, 0.3), 1e-12);
    }

    [Fact]
    public void Auc_OneCostOnly_IsTheQualityThere() =>
        Assert.Equal(0.7, CurveMetrics.Auc([new(1, 0.7, 0), new(2, 0.9, 1)], 1, 1, 0.1), 1e-12);

    [Fact]
    public void Gain_CurveIsTheDiagonal_IsZero() =>
        Assert.Equal(0, CurveMetrics.Gain([new(1, 0.5, 0), new(3, 0.9, 1)], new(1, 0.5, 0), new(3, 0.9, 1)), 1e-12);

    [Fact]
    public void Gain_BestQualityAtTheLowestCost_IsHalfTheRectangle() =>
        Assert.Equal(1.0 / 2, CurveMetrics.Gain([new(1, 0.9, 0)], new(1, 0.5, 0), new(3, 0.9, 1)), 1e-12);

    [Fact]
    public void Gain_BestModelIsTheCheapest_IsNotANumber() =>
        Assert.True(double.IsNaN(CurveMetrics.Gain([new(1, 0.5, 0)], new(1, 0.5, 0), new(1, 0.5, 0))));

    [Fact]
    public void CostReduction_NeverReached_IsNotANumber() =>
        Assert.True(double.IsNaN(CurveMetrics.CostReduction([new(1, 0.5, 0)], new(3, 0.9, 1), 0.9)));

    [Fact]
    public void CostReduction_FreeBestModel_IsNotANumber() =>
        Assert.True(double.IsNaN(CurveMetrics.CostReduction([new(0, 0.9, 0)], new(0, 0.9, 1), 0.9)));

    [Fact]
    public void Auc_NoPoint_SaysSo() => Assert.Contains("at least one", Assert.Throws<ArgumentException>(
        () => CurveMetrics.Auc([], 0, 1, 0)).Message, StringComparison.Ordinal);
}
