using Cascade.Planning.Scoring;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Scoring;

public sealed class TransformedScoreTests
{
    private const double Tolerance = 1e-6;

    private static readonly double[] Odd = [double.NaN, double.NegativeInfinity, double.PositiveInfinity, 1e100, -1e100];

    private static readonly Gen<(double Signal, double Quality)[]> Rows = Gen.Int[1, 30].SelectMany(Kinds);

    [Theory]
    [InlineData(0.9, ConfidenceTransform.OneSided, 2.3025851)]
    [InlineData(0.9, ConfidenceTransform.TwoSided, 1.6094379)]
    [InlineData(0.3, ConfidenceTransform.TwoSided, -0.5108256)]
    [InlineData(0.5, ConfidenceTransform.TwoSided, 0)]
    [InlineData(1, ConfidenceTransform.OneSided, double.PositiveInfinity)]
    [InlineData(0, ConfidenceTransform.TwoSided, double.NegativeInfinity)]
    public void T7_1_Transforms_HaveTheKnownValues(double p, ConfidenceTransform transform, double z)
    {
        Assert.Equal(z, ConfidenceTransforms.Apply(p, SignalScale.Probability, transform), Tolerance);
        Assert.Equal(z, ConfidenceTransforms.Apply(Math.Log(p), SignalScale.LogProbability, transform), Tolerance);
    }

    [Fact]
    public void T7_1_TwoSided_MeetsItselfAtOneHalf() => Assert.Equal(
        ConfidenceTransforms.Apply(0.5 - 1e-12, SignalScale.Probability, ConfidenceTransform.TwoSided),
        ConfidenceTransforms.Apply(0.5 + 1e-12, SignalScale.Probability, ConfidenceTransform.TwoSided),
        1e-9);

    [Fact]
    public void Apply_LogProbabilityNextToOne_KeepsWhatTheProbabilityLoses()
    {
        Assert.Equal(20 * Math.Log(10), ConfidenceTransforms.Apply(-1e-20, SignalScale.LogProbability, ConfidenceTransform.OneSided), 1e-9);
        Assert.Equal(double.PositiveInfinity, ConfidenceTransforms.Apply(Math.Exp(-1e-20), SignalScale.Probability, ConfidenceTransform.OneSided));
    }

    [Fact]
    public void Apply_TransformOfARawSignal_IsRefused() =>
        Assert.Throws<ArgumentException>(() => ConfidenceTransforms.Apply(3, SignalScale.Raw, ConfidenceTransform.OneSided));

    [Fact]
    public void T7_1_Fit_SaturatedSignals_ScoreLikeTheSurestThatWasSeen()
    {
        var score = TransformedScore.Fit(
            "p", [1, 0.9, 0.6, 0.2, 0.1], [1, 1, 1, 0, 0], SignalScale.Probability, ConfidenceTransform.OneSided)!;
        Assert.Equal(2.3025851, score.MaxZ, Tolerance);
        Assert.Equal(score.Apply([0.9]), score.Apply([1]));
        Assert.True(score.Slope > 0);
        Assert.Equal(double.NaN, score.Apply([double.NaN]));
    }

    [Fact]
    public void Fit_WorseThanChance_TurnsTheSignalRound()
    {
        var score = TransformedScore.Fit("s", [1, 2, 3, 4], [1, 1, 0, 0], SignalScale.Raw, ConfidenceTransform.Identity)!;
        Assert.True(score.Apply([1]) > score.Apply([4]));
    }

    [Fact]
    public void Fit_NoFiniteSignal_IsNothing()
    {
        Assert.Null(TransformedScore.Fit("s", [double.NaN, double.NaN], [1, 0], SignalScale.Raw, ConfidenceTransform.Identity));
        Assert.Null(TransformedScore.Fit("s", [1, 1], [1, 0], SignalScale.Probability, ConfidenceTransform.OneSided));
    }

    [Fact]
    public void ScaleOf_Columns_IsReadOffTheirNumbers()
    {
        Assert.Equal(SignalScale.Probability, TransformedScore.ScaleOf([0, 0.5, double.NaN, 1]));
        Assert.Equal(SignalScale.LogProbability, TransformedScore.ScaleOf([-0.5, double.NegativeInfinity]));
        Assert.Equal(SignalScale.Raw, TransformedScore.ScaleOf([-0.5, 0.5]));
    }

    [Fact]
    public void Fit_AnySignal_ScoresWithProbabilitiesThatAreRightOnAverage() => Rows.Sample(rows =>
    {
        var values = Array.ConvertAll(rows, r => r.Signal);
        var scale = TransformedScore.ScaleOf(values);
        var transform = scale == SignalScale.Raw ? ConfidenceTransform.Identity : ConfidenceTransform.TwoSided;
        var score = TransformedScore.Fit("s", values, Array.ConvertAll(rows, r => r.Quality), scale, transform);
        if (score is null)
        {
            return;
        }

        var (predicted, seen) = (0.0, 0);
        foreach (var value in values)
        {
            var p = score.Apply([value]);
            Assert.Equal(double.IsNaN(value), double.IsNaN(p));
            Assert.True(double.IsNaN(p) || p is >= 0 and <= 1);
            (predicted, seen) = double.IsNaN(p) ? (predicted, seen) : (predicted + p, seen + 1);
        }

        // The regularised targets move the mean by less than one row's worth on each side.
        var actual = rows.Where(r => !double.IsNaN(r.Signal)).Sum(r => r.Quality);
        Assert.Equal(actual, predicted, 1.001);
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (none, saturated, raw, logs, probabilities) = (0, 0, 0, 0, 0);
        Rows.Sample(
            rows =>
            {
                var values = Array.ConvertAll(rows, r => r.Signal);
                var scale = TransformedScore.ScaleOf(values);
                none += values.All(double.IsNaN) ? 1 : 0;
                saturated += values.Any(double.IsInfinity) ? 1 : 0;
                raw += scale == SignalScale.Raw ? 1 : 0;
                logs += scale == SignalScale.LogProbability ? 1 : 0;
                probabilities += scale == SignalScale.Probability ? 1 : 0;
            },
            iter: 2_000, threads: 1);
        Assert.True(
            none > 50 && saturated > 200 && raw > 200 && logs > 200 && probabilities > 200, $"{none} {saturated} {raw} {logs} {probabilities}");
    }

    private static Gen<(double Signal, double Quality)[]> Kinds(int rows) => Gen.OneOf(
        Columns(Gen.Double[0, 1], rows),
        Columns(Gen.Frequency((1, Gen.Const(double.NegativeInfinity)), (4, Gen.Double[-30, 0])), rows),
        Columns(Gen.Frequency((1, Gen.Int[0, 4].Select(i => Odd[i])), (3, Gen.Double[-5, 5])), rows),
        Columns(Gen.Const(double.NaN), rows),
        Columns(Gen.Const(0.5), rows));

    private static Gen<(double Signal, double Quality)[]> Columns(Gen<double> signal, int rows) =>
        Gen.Select(signal, Gen.OneOf(Gen.Int[0, 1].Select(i => (double)i), Gen.Double[0, 1])).Array[rows];
}
