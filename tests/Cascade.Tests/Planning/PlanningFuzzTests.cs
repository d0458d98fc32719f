using Cascade.Planning.Calibration;
using Cascade.Planning.Frontier;
using Cascade.Planning.Sweeps;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning;

/// <summary>Whatever the columns hold, the answer is a finite curve or an error that names what is wrong.</summary>
public sealed class PlanningFuzzTests
{
    private static readonly double[] Wrong =
        [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1, double.MaxValue, -double.MaxValue, 1e60];

    private static readonly double[] Tiny = [-0.0, double.Epsilon, 1e-300, 1e-17];

    private static readonly Gen<double> Number = Gen.Frequency(
        (40, Gen.Double.Unit),
        (20, Gen.Const(0.5)),
        (20, Gen.Int[0, 1].Select(i => (double)i)),
        (1, Gen.Int[0, 6].Select(i => Wrong[i])),
        (2, Gen.Int[0, 3].Select(i => Tiny[i])));

    private static readonly Gen<double[][]> ColumnSets = Gen.Int[0, 6].SelectMany(n =>
        Gen.Select(Number.Array[n], Gen.Frequency((30, Gen.Const(n)), (1, Gen.Int[0, 7])).SelectMany(m => Number.Array[m]))
            .Array[3].Select(pairs => pairs.SelectMany(p => new[] { p.Item1, p.Item2 }).ToArray()));

    [Fact]
    public void Sweeps_AnyColumns_AnswerOrNameTheColumn() => ColumnSets.Sample(c =>
    {
        AssertAnswerOrNamed(c[..5], () => Check(PairSweep.Exact(Rows(c))));
        AssertAnswerOrNamed(c[..5], () => Check(PairSweep.Smooth(Rows(c), EscalationCost.Mean)));
        AssertAnswerOrNamed(c[..5], () => Check(PairSweep.Smooth(Rows(c), EscalationCost.Linear)));
        AssertAnswerOrNamed([c[0], c[1], c[3], c[2], c[4]], () =>
        {
            ChainStage first = new() { Scores = c[0], Quality = c[1], CostUsd = c[3] };
            var policy = ChainFit.AtPrice([first, new ChainStage { Quality = c[2], CostUsd = c[4] }], 1);
            return double.IsFinite(policy.CostUsd) && double.IsFinite(policy.Quality) && !double.IsNaN(policy.Thresholds[0]);
        });
    });

    [Fact]
    public void Calibrators_AnyColumns_AnswerOrNameTheColumn() => ColumnSets.Sample(c =>
    {
        var both = c[..2];
        AssertAnswerOrNamed(both, () => IsProbability(PlattCalibration.Fit(c[0], c[1])));
        AssertAnswerOrNamed(both, () => IsProbability(BetaCalibration.Fit(c[0], c[1])));
        AssertAnswerOrNamed(both, () => IsProbability(HistogramCalibration.Fit(c[0], c[1], 4, Binning.EqualMass)));
        AssertAnswerOrNamed(both, () => IsProbability(HistogramCalibration.Fit(c[0], c[1], 4, Binning.EqualWidth)));
        AssertAnswerOrNamed(both, () => double.IsFinite(IsotonicFit.Fit(c[0], c[1], default, IsotonicDirection.NonIncreasing).Apply(0.5)));
        AssertAnswerOrNamed(c[..3], () => BenefitCalibration.Fit(c[0], c[1], c[2]).Apply(0.5) is >= -1 and <= 1);
        AssertAnswerOrNamed(both, () => double.IsFinite(CalibrationMetrics.Brier(c[0], c[1]).Resolution));
        AssertAnswerOrNamed(both, () => !double.IsNaN(ConformalRiskControl.Threshold(c[0], c[1], 0.2, 1).Threshold));
    });

    [Fact]
    public void Frontier_AnyPoints_AnswersOrNamesThePoint() => Gen.Select(Number, Number).Array[0, 6].Sample(pairs =>
        AssertAnswerOrNamed(
            [Array.ConvertAll(pairs, p => p.Item1)],
            () => CostFrontier.Of(Array.ConvertAll(pairs, p => new FrontierPoint(p.Item1, p.Item2, 0))).Prices.ToArray().All(p => p > 0),
            needsBad: false));

    [Fact]
    public void Exact_SeveralWrongColumns_AreAllNamed()
    {
        var error = Assert.Throws<ArgumentException>(() => PairSweep.Exact(Rows([[0.1, double.NaN], [2, 0], [1, 1], [1], [-1, -2]])));
        Assert.Contains("Scores[1] is NaN", error.Message, StringComparison.Ordinal);
        Assert.Contains("LowQuality[0] is 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("LowCostUsd has 1 values where 2 are needed", error.Message, StringComparison.Ordinal);
        Assert.Contains("HighCostUsd[0] is -1 (and 1 more rows are wrong)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Exact_MillionTies_AreOneGroup()
    {
        var half = new double[1_000_000];
        Array.Fill(half, 0.5);
        var curve = PairSweep.Exact(Rows([half, half, half, half, half]));
        Assert.Equal(2, curve.Points.Length);
        Assert.Equal(1, curve.Points[1].CostUsd, 1e-6);
        Assert.Single(curve.Frontier().Vertices);
    }

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (good, bad, lengths, empty, one) = (0, 0, 0, 0, 0);
        ColumnSets.Sample(
            c =>
            {
                empty += c[0].Length == 0 ? 1 : 0;
                one += c[0].Length == 1 ? 1 : 0;
                lengths += c.Any(x => x.Length != c[0].Length) ? 1 : 0;
                bad += c.Any(x => x.Any(v => !(v is >= 0 and <= 1))) ? 1 : 0;
                good += IsGood(c[..5]) ? 1 : 0;
            },
            iter: 5_000, threads: 1);
        Assert.True(
            good > 500 && bad > 500 && lengths > 200 && empty > 200 && one > 200,
            $"{good} good, {bad} bad, {lengths} of different length, {empty} empty, {one} single");
    }

    private static void AssertAnswerOrNamed(double[][] columns, Func<bool> act, bool needsBad = true)
    {
        try
        {
            Assert.True(act());
        }
        catch (ArgumentException error)
        {
            Assert.Contains("give", error.Message + (columns[0].Length == 0 ? "give" : ""), StringComparison.Ordinal);
            Assert.True(!needsBad || !IsGood(columns), error.Message);
        }
    }

    private static bool IsGood(double[][] columns) =>
        columns[0].Length > 0 && columns.All(c => c.Length == columns[0].Length && c.All(v => v is >= 0 and <= 1));

    private static bool Check(PairCurve curve) =>
        curve.Points.ToArray().All(p => double.IsFinite(p.CostUsd) && double.IsFinite(p.Quality)) && curve.Frontier().Vertices.Length > 0;

    private static bool IsProbability(ICalibrator calibrator) =>
        new[] { 0, 0.3, 1, -7, 7 }.All(s => calibrator.Apply(s) is >= 0 and <= 1) && double.IsNaN(calibrator.Apply(double.NaN));

    private static PairRows Rows(double[][] c) =>
        new() { Scores = c[0], LowQuality = c[1], HighQuality = c[2], LowCostUsd = c[3], HighCostUsd = c[4] };
}
