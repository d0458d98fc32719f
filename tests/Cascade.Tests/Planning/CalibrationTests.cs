using Cascade.Planning.Calibration;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning;

public sealed class CalibrationTests
{
    private const double Tolerance = 1e-6;

    private static readonly Gen<(double Score, double Outcome, double Weight)[]> RowSets = Gen.Select(
        Gen.Frequency((1, Gen.Const(0.0)), (1, Gen.Const(1.0)), (2, Gen.Int[1, 4].Select(i => i / 5.0)), (4, Gen.Double[0, 1])),
        Gen.Frequency((3, Gen.Int[0, 1].Select(i => (double)i)), (1, Gen.Double[0, 1])),
        Gen.Double[0.1, 10],
        (score, outcome, weight) => (score, outcome, weight)).Array[1, 60];

    /// <summary>Scores that are nearly the same, nearly 0 or nearly 1: the features of a fit are then tiny, collinear or constant.</summary>
    private static readonly Gen<(double Score, double Outcome, double Weight)[]> NarrowSets = Gen.Select(
        Gen.OneOf(Gen.Const(0.0), Gen.Const(0.5), Gen.Const(0.88), Gen.Const(1.0), Gen.Double[0, 1]), Gen.Int[1, 17], Gen.Int[0, 12]).SelectMany(
        (centre, digits, wide) => Gen.Select(
            Gen.Frequency((12, Gen.Int[-9, 9].Select(i => centre + (i * Math.Pow(10, -digits)))), (wide, Gen.Double[0, 1])),
            Gen.Frequency((3, Gen.Int[0, 1].Select(i => (double)i)), (1, Gen.Double[0, 1])),
            (score, outcome) => (Math.Clamp(score, 0, 1), outcome, 1.0)).Array[1, 60]);

    [Fact]
    public void Isotonic_PublishedSequence_IsPooled()
    {
        double[] scores = [1, 2, 3, 4, 5, 6, 7];
        var fit = IsotonicFit.Fit(scores, [0, 1, 0, 1, 1, 0, 1], default, IsotonicDirection.NonDecreasing);
        double[] expected = [0, 0.5, 0.5, 2.0 / 3, 2.0 / 3, 2.0 / 3, 1];
        Assert.All(scores.Zip(expected), x => Assert.Equal(x.Second, fit.Apply(x.First), Tolerance));
        var falling = IsotonicFit.Fit([.. scores.Select(s => -s)], [0, 1, 0, 1, 1, 0, 1], default, IsotonicDirection.NonIncreasing);
        Assert.All(scores.Zip(expected), x => Assert.Equal(x.Second, falling.Apply(-x.First), Tolerance));
    }

    [Fact]
    public void Isotonic_Weights_PullTheMean()
    {
        var fit = IsotonicFit.Fit([1, 2], [1, 0], [3, 1], IsotonicDirection.NonDecreasing);
        Assert.Equal((0.75, 1, 4.0), (fit.Apply(1.5), fit.Values.Length, fit.Weights[0]));
    }

    [Fact]
    public void Isotonic_BetweenBlocks_HoldsTheLowerBlock()
    {
        var fit = IsotonicFit.Fit([0.2, 0.8], [0, 1], default, IsotonicDirection.NonDecreasing);
        Assert.Equal([0, 0, 0, 1, 1], new[] { 0, 0.2, 0.79, 0.8, 1 }.Select(fit.Apply));
        Assert.True(double.IsNaN(fit.Apply(double.NaN)));
    }

    [Fact]
    public void Isotonic_AnyRows_IsTheWeightedProjection() => RowSets.Sample(rows =>
    {
        var (s, y, w) = Split(rows);
        var fit = IsotonicFit.Fit(s, y, w, IsotonicDirection.NonDecreasing);
        var values = fit.Values.ToArray();
        Assert.Equal(values.Order(), values);
        Assert.Equal(rows.Sum(r => r.Weight * r.Outcome), rows.Sum(r => r.Weight * fit.Apply(r.Score)), 1e-9);

        // The residual of a projection on a cone is orthogonal to the projection and at an obtuse angle to every rising step.
        Assert.Equal(0, rows.Sum(r => r.Weight * (r.Outcome - fit.Apply(r.Score)) * fit.Apply(r.Score)), 1e-9);
        Assert.All(s, start => Assert.True(rows.Where(r => r.Score >= start).Sum(r => r.Weight * (r.Outcome - fit.Apply(r.Score))) <= 1e-9));
    });

    [Fact]
    public void Platt_Targets_AreRegularised()
    {
        var targets = LogisticRegression.Targets([1, 1, 1, 0, 0]);
        Assert.Equal([0.8, 0.8, 0.8, 0.25, 0.25], targets.Select(t => Math.Round(t, 12)));
        var same = PlattCalibration.Fit([0.5, 0.5, 0.5, 0.5, 0.5], [1, 1, 1, 0, 0]);
        Assert.Equal(((3 * 0.8) + (2 * 0.25)) / 5, same.Apply(0.5), Tolerance);
    }

    [Fact]
    public void Platt_OwnProbabilities_AreRecovered()
    {
        var scores = Enumerable.Range(1, 199).Select(i => i / 200.0).ToArray();
        double[] s = [.. scores, .. scores];
        var outcomes = Array.ConvertAll(s, x => LogisticRegression.Sigmoid((2 * Math.Log(x / (1 - x))) - 0.5));
        var columns = new[] { Array.ConvertAll(s, x => Math.Log(x / (1 - x))) };
        var weights = LogisticRegression.Fit(columns, outcomes, 100, out var converged);
        Assert.True(converged);
        Assert.Equal(2, weights[0], Tolerance);
        Assert.Equal(-0.5, weights[1], Tolerance);
    }

    [Fact]
    public void Platt_Separable_StaysFinite()
    {
        var fit = PlattCalibration.Fit([0, 0.1, 0.9, 1], [0, 0, 1, 1]);
        Assert.True(fit.Converged && double.IsFinite(fit.Slope) && fit.Slope > 0);
        Assert.InRange(fit.Apply(1), 0.7, 0.9);
    }

    [Fact]
    public void Beta_Formula_IsThePublishedOne()
    {
        Assert.Equal(0.5146038, new BetaCalibration(2, 0.5, -0.3).Apply(0.8), Tolerance);
        var identity = new BetaCalibration(1, 1, 0);
        Assert.All(new[] { 0.01, 0.3, 0.5, 0.99 }, s => Assert.Equal(s, identity.Apply(s), Tolerance));
    }

    [Fact]
    public void Beta_FallingScores_DropTheFeatures()
    {
        var fit = BetaCalibration.Fit([0.1, 0.2, 0.8, 0.9], [1, 1, 0, 0]);
        Assert.Equal((0.0, 0.0), (fit.A, fit.B));
        Assert.Equal(0.5, fit.Apply(0.3), Tolerance);
    }

    [Fact]
    public void Beta_TinyScores_CountAsTheSame()
    {
        double[] outcomes = [1.0 / 47, 0, 1, 0, 0, 0.22785555345254416];
        var fit = BetaCalibration.Fit([4711e-45, 8057e-72, 22e-9, 0, 602e-40, 0], outcomes);
        Assert.True(fit.Converged);
        Assert.Equal((0.0, 0.0), (fit.A, fit.B));
        Assert.Equal(LogisticRegression.Targets(outcomes).Average(), fit.Apply(22e-9), Tolerance);
    }

    [Fact]
    public void Logistic_TinyColumn_GetsAWeightOfAnySize()
    {
        double[] scores = [1e-6, 1e-6, 2e-6, 2e-6, 4e-6, 4e-6];
        var outcomes = Array.ConvertAll(scores, s => LogisticRegression.Sigmoid((0.5 * Math.Log(s)) + (2e5 * s) + 6));
        var weights = LogisticRegression.Fit([Array.ConvertAll(scores, Math.Log), scores], outcomes, 100, out var converged);
        Assert.True(converged);
        Assert.Equal(0.5, weights[0], 1e-4);
        Assert.Equal(1, weights[1] / 2e5, 1e-4);
    }

    [Fact]
    public void Beta_TwoScores_GiveEqualWeights()
    {
        var fit = BetaCalibration.Fit([0.1, 0.1, 0.7, 0.7], [0, 0, 1, 1]);
        var platt = PlattCalibration.Fit([0.1, 0.1, 0.7, 0.7], [0, 0, 1, 1]);
        Assert.Equal(platt.Slope, fit.A, Tolerance);
        Assert.Equal(platt.Slope, fit.B, Tolerance);
        Assert.Equal(platt.Intercept, fit.C, Tolerance);
    }

    [Fact]
    public void Fit_AnyRows_ConvergesToAMonotoneProbability() => RowSets.Sample(AssertFits);

    [Fact]
    public void Fit_NarrowScores_ConvergesToAMonotoneProbability() => NarrowSets.Sample(AssertFits);

    [Fact]
    public void Metrics_FiveRows_AreTheClosedForm()
    {
        double[] p = [0.95, 0.95, 0.85, 0.35, 0.35];
        double[] y = [1, 0, 1, 0, 1];
        Assert.Equal(0.27, CalibrationMetrics.ExpectedCalibrationError(p, y, 10, Binning.EqualWidth), Tolerance);
        Assert.Equal(0.2945, CalibrationMetrics.Brier(p, y).Brier, Tolerance);
        Assert.Equal(0.27, CalibrationMetrics.ExpectedCalibrationError(p, y, 5, Binning.EqualMass), Tolerance);
        Assert.Equal(0.5, CalibrationMetrics.Auroc(p, [true, false, true, false, true]), Tolerance);
    }

    [Fact]
    public void Auroc_KnownOrders_AreTheirShareOfPairs()
    {
        Assert.Equal(1, CalibrationMetrics.Auroc([1, 2, 3], [false, false, true]));
        Assert.Equal(0, CalibrationMetrics.Auroc([1, 2, 3], [true, false, false]));
        Assert.Equal(0.5, CalibrationMetrics.Auroc([1, 1, 1], [true, false, false]));
        Assert.True(double.IsNaN(CalibrationMetrics.Auroc([1, 2], [true, true])));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1, 0)]
    [InlineData(0.1000001, 1)]
    [InlineData(0.3, 2)]
    [InlineData(0.7, 6)]
    [InlineData(1, 9)]
    public void Bins_Edges_BelongToTheLowerBin(double score, int bin) => Assert.Equal(bin, ReliabilityDiagram.IndexOf(score, 10));

    [Fact]
    public void Metrics_AnyRows_KeepTheirIdentities() => Gen.Select(RowSets, Gen.Int[1, 30]).Sample((rows, bins) =>
    {
        var (s, y, _) = Split(rows);
        var brier = CalibrationMetrics.Brier(s, y);
        var within = rows.GroupBy(r => r.Score).Sum(g => g.Sum(r => Math.Pow(r.Outcome - g.Average(x => x.Outcome), 2))) / rows.Length;
        Assert.Equal(brier.Brier, brier.Reliability - brier.Resolution + brier.Uncertainty, 1e-9);
        Assert.Equal(brier.Uncertainty - brier.Resolution, within, 1e-9);
        foreach (var kind in new[] { Binning.EqualWidth, Binning.EqualMass })
        {
            var diagram = ReliabilityDiagram.Of(s, y, bins, kind);
            Assert.Equal(rows.Length, diagram.Sum(b => b.Count));
            Assert.True(diagram.Length <= bins);
            Assert.All(diagram.Where(b => b.Count > 0), b => Assert.InRange(b.MeanScore, b.Low - 1e-12, b.High + 1e-12));
            Assert.InRange(CalibrationMetrics.ExpectedCalibrationError(s, y, bins, kind), 0, 1);
            var histogram = HistogramCalibration.Fit(s, y, bins, kind);
            Assert.Equal(y.Average(), s.Average(histogram.Apply), 1e-9);
        }
    });

    [Fact]
    public void Benefit_LargeBlocks_AreDrawnTowardsTheMean()
    {
        double[] scores = [.. Enumerable.Repeat(0.2, 60), .. Enumerable.Repeat(0.8, 20)];
        double[] low = [.. Enumerable.Repeat(0.0, 60), .. Enumerable.Repeat(1.0, 20)];
        double[] high = [.. Enumerable.Repeat(1.0, 60), .. Enumerable.Repeat(0.5, 20)];
        var fit = BenefitCalibration.Fit(scores, low, high);
        Assert.Equal(0.625, fit.MeanBenefit, Tolerance);
        Assert.Equal(0.625 + (0.75 * 0.375), fit.Apply(0.2), Tolerance);
        Assert.Equal(0.625 + (0.5 * (-0.5 - 0.625)), fit.Apply(0.9), Tolerance);
        Assert.Equal(1, fit.BenefitAuroc, Tolerance);
    }

    [Fact]
    public void Benefit_AnyRows_NeverRisesWithTheScore() => Gen.Select(RowSets, RowSets).Sample((a, b) =>
    {
        var n = Math.Min(a.Length, b.Length);
        var fit = BenefitCalibration.Fit(Split(a).Scores.AsSpan(0, n), Split(a).Outcomes.AsSpan(0, n), Split(b).Outcomes.AsSpan(0, n));
        var values = Enumerable.Range(0, 51).Select(i => fit.Apply(i / 50.0)).ToArray();
        Assert.Equal(values.OrderDescending(), values);
        Assert.All(values, v => Assert.InRange(v, -1, 1));
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (one, ties, oneClass, edges, separable, pooled) = (0, 0, 0, 0, 0, 0);
        RowSets.Sample(
            rows =>
            {
                var (s, y, w) = Split(rows);
                one += rows.Length == 1 ? 1 : 0;
                ties += s.Distinct().Count() < s.Length ? 1 : 0;
                oneClass += y.All(v => v == 1) || y.All(v => v == 0) ? 1 : 0;
                edges += s.Contains(0) && s.Contains(1) ? 1 : 0;
                separable += CalibrationMetrics.Auroc(s, Array.ConvertAll(y, v => v >= 0.5)) is 0 or 1 ? 1 : 0;
                pooled += IsotonicFit.Fit(s, y, w, IsotonicDirection.NonDecreasing).Values.Length < s.Distinct().Count() ? 1 : 0;
            },
            iter: 5_000, threads: 1);
        Assert.True(
            one > 20 && ties > 1_000 && oneClass > 20 && edges > 1_000 && separable > 20 && pooled > 1_000,
            $"{one} single, {ties} ties, {oneClass} of one class, {edges} with edges, {separable} separable, {pooled} pooled");
    }

    [Fact]
    public void NarrowGenerator_CoversTheInterestingCases()
    {
        var (equal, rounding, tiny, near, spread) = (0, 0, 0, 0, 0);
        NarrowSets.Sample(
            rows =>
            {
                var width = rows.Max(r => r.Score) - rows.Min(r => r.Score);
                equal += width == 0 ? 1 : 0;
                rounding += width is > 0 and < 1e-12 ? 1 : 0;
                tiny += rows.Max(r => r.Score) is > 0 and < 1e-5 ? 1 : 0;
                near += width is > 0 and < 1e-5 && rows[0].Score > 0.4 ? 1 : 0;
                spread += width > 0.5 ? 1 : 0;
            },
            iter: 5_000, threads: 1);
        Assert.True(
            equal > 30 && rounding > 50 && tiny > 50 && near > 50 && spread > 50,
            $"{equal} equal, {rounding} of rounding, {tiny} tiny, {near} near, {spread} spread");
    }

    private static void AssertFits((double Score, double Outcome, double Weight)[] rows)
    {
        var (s, y, _) = Split(rows);
        var (platt, beta) = (PlattCalibration.Fit(s, y), BetaCalibration.Fit(s, y));
        Assert.True(platt.Converged, $"Platt {platt.Slope} {platt.Intercept}");
        Assert.True(beta.Converged, $"beta {beta.A} {beta.B} {beta.C}");
        var last = 0.0;
        for (var i = 0; i <= 20; i++)
        {
            var p = beta.Apply(i / 20.0);
            Assert.InRange(p, last - 1e-12, 1);
            Assert.InRange(platt.Apply(i / 20.0), 0, 1);
            last = p;
        }

        // With an intercept, the mean prediction is the mean target at the optimum.
        var targets = LogisticRegression.Targets(y);
        Assert.Equal(targets.Average(), s.Average(platt.Apply), Tolerance);
        Assert.Equal(targets.Average(), s.Average(beta.Apply), Tolerance);

        // A constant is one of both families, and Platt's map with a rising slope is one of the beta family.
        var constant = new PlattCalibration(0, PlattCalibration.Logit(targets.Average()));
        Assert.InRange(Loss(platt, s, targets), 0, Loss(constant, s, targets) + 1e-9);
        Assert.InRange(Loss(beta, s, targets), 0, Loss(constant, s, targets) + 1e-9);
        if (platt.Slope >= 0 && s.Max() - s.Min() > 1e-5)
        {
            Assert.InRange(Loss(beta, s, targets), 0, Loss(platt, s, targets) + 1e-9);
        }
    }

    private static double Loss(ICalibrator fit, double[] scores, double[] targets) =>
        -scores.Zip(targets, (s, t) => (t * Math.Log(fit.Apply(s))) + ((1 - t) * Math.Log(1 - fit.Apply(s)))).Average();

    private static (double[] Scores, double[] Outcomes, double[] Weights) Split((double Score, double Outcome, double Weight)[] rows) =>
        (Array.ConvertAll(rows, r => r.Score), Array.ConvertAll(rows, r => r.Outcome), Array.ConvertAll(rows, r => r.Weight));
}
