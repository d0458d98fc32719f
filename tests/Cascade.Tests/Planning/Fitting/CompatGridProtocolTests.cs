using Cascade.Planning.Compatibility;
using Cascade.Planning.Scoring;
using Xunit;

namespace Cascade.Tests.Planning.Fitting;

public sealed class CompatGridProtocolTests
{
    private static TestModel Strong(int rows, double quality, double cost) =>
        PairStrategyTests.Constant(rows, quality, cost) with { Scores = TestModel.All(rows, 0.5) };

    [Fact]
    public void Run_LinearBenefit_HasTheClosedFormGain()
    {
        var curve = CompatGridProtocol.Run(FitContexts.Of([PairStrategyTests.Linear(4_000, 1), Strong(4_000, 0.9, 10)]), new CompatGridOptions { Splits = 15 });
        Assert.Equal(500, curve.CostUsd.Length);
        Assert.Equal((1.0, 10.0), (curve.CostUsd[0], curve.CostUsd[^1]));
        Assert.Equal(0.175, curve.Gain(), 5e-3);
        Assert.Equal(0.4358899, curve.CostReduction(0.9), 5e-3);
        Assert.True(double.IsNaN(curve.CostReduction(1.1)));
        for (var i = 1; i < curve.MedianQuality.Length; i++)
        {
            Assert.True(curve.MedianQuality[i] >= curve.MedianQuality[i - 1]);
        }
    }

    [Fact]
    public void Run_SameSeed_IsTheSameCurve()
    {
        var context = FitContexts.Of([PairStrategyTests.Linear(100, 1), Strong(100, 0.9, 4), Strong(100, 0.98, 5)]);
        var options = new CompatGridOptions { Splits = 5, Costs = 20 };
        Assert.Equal(CompatGridProtocol.Run(context, options).MedianQuality, CompatGridProtocol.Run(context, options).MedianQuality);
        Assert.NotEqual(CompatGridProtocol.Run(context, options).MedianQuality, CompatGridProtocol.Run(context, options with { Seed = 7 }).MedianQuality);
    }

    [Fact]
    public void Run_CalibratedScores_SweepsTheRawSignal()
    {
        var raw = FitContexts.Of([PairStrategyTests.Linear(400, 1), Strong(400, 0.9, 10)]);
        ScoreModel coarse = new CalibratedScore
        {
            Signal = ((SignalScore)raw.ScoreModels[0]!).Signal,
            Range = new SignalRange(SignalForm.Unit, 0, 1, 0, 1),
            Map = new StepMap([0, 0.2], [0.1, 0.6]),
            WithoutSignal = 0.5,
        };
        var calibrated = FitContexts.Of(raw.Outcomes, coarse);
        var options = new CompatGridOptions { Splits = 5, Costs = 20 };

        Assert.Equal(CompatGridProtocol.Run(raw, options).MedianQuality, CompatGridProtocol.Run(calibrated, options).MedianQuality);
    }

    [Fact]
    public void Run_OneModelBeatsAll_HasNoCurveAndNoGain()
    {
        var curve = CompatGridProtocol.Run(FitContexts.Of([PairStrategyTests.Linear(10, 1), Strong(10, 0.1, 4)]), new CompatGridOptions { Splits = 3 });
        Assert.All(curve.MedianQuality, q => Assert.True(double.IsNaN(q)));
        Assert.True(double.IsNaN(curve.Gain()));
    }

    [Fact]
    public void Run_TooFewRowsOrTooSmallAGrid_SaysSo()
    {
        var unscored = FitContexts.Of([PairStrategyTests.Linear(4, 1), PairStrategyTests.Constant(4, 0.9, 2)]);
        Assert.Contains("give at least two", Assert.Throws<ArgumentException>(() => CompatGridProtocol.Run(unscored, new())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CompatGridProtocol.Run(unscored, new() { Thresholds = 1 }));
    }
}
