using Cascade.Planning.Calibration;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning;

public sealed class GuaranteeTests
{
    private const double Tolerance = 1e-6;

    private static readonly Gen<(double[] Scores, double[] Regrets, double Alpha)> Cases = Gen.Int[1, 60].SelectMany(n => Gen.Select(
        Gen.Frequency((1, Gen.Int[0, 3].Select(i => i / 3.0)), (2, Gen.Double[0, 1])).Array[n],
        Gen.Frequency((3, Gen.Const(0.0)), (1, Gen.Const(1.0)), (1, Gen.Double[0, 1])).Array[n],
        Gen.Double[0.005, 0.5],
        (scores, regrets, alpha) => (scores, regrets, alpha)));

    [Fact]
    public void ClopperPearson_AllRight_IsTheRoot() =>
        Assert.Equal(0.9761304, BinomialBounds.ClopperPearsonLower(124, 124, 0.05), Tolerance);

    [Theory]
    [InlineData(0, 10, 0, 0.3084971)]
    [InlineData(10, 10, 0.6915029, 1)]
    public void ClopperPearson_Extremes_AreTheClosedForm(int k, int n, double low, double high)
    {
        var interval = BinomialBounds.ClopperPearson(k, n, 0.95);
        Assert.Equal(low, interval.Low, Tolerance);
        Assert.Equal(high, interval.High, Tolerance);
    }

    [Fact]
    public void ClopperPearson_AnyCount_HasTheTailItPromises() => Gen.Select(Gen.Int[1, 80], Gen.Double[0, 1], Gen.Double[0.001, 0.3])
        .Sample((n, share, delta) => AssertTails((int)Math.Round(share * n), n, delta));

    [Fact]
    public void ClopperPearson_OneWrong_HasTheTailItPromises() => AssertTails(75, 76, 0.004610201207438887);

    [Fact]
    public void Wilson_FiveOfTen_IsTheClosedForm()
    {
        const double Z = 1.959963984540054;
        var half = Z * Math.Sqrt((0.25 / 10) + (Z * Z / 400)) / (1 + (Z * Z / 10));
        var interval = BinomialBounds.Wilson(5, 10, 0.95);
        Assert.Equal(0.5 - half, interval.Low, Tolerance);
        Assert.Equal(0.5 + half, interval.High, Tolerance);
        Assert.Equal((0.0, 1.0), (BinomialBounds.Wilson(0, 4, 0.9).Low, BinomialBounds.Wilson(4, 4, 0.9).High));
    }

    [Theory]
    [InlineData(0.975, 1.959963985)]
    [InlineData(0.5, 0)]
    [InlineData(0.025, -1.959963985)]
    [InlineData(0.9999, 3.719016485)]
    public void NormalQuantile_KnownLevels_Match(double p, double z) => Assert.Equal(z, SpecialFunctions.NormalQuantile(p), 1e-8);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 3.1780538303)]
    [InlineData(0.5, 0.5723649429)]
    [InlineData(171, 706.5730622457)]
    public void LogGamma_KnownValues_Match(double x, double value) => Assert.Equal(value, SpecialFunctions.LogGamma(x), 1e-9);

    [Fact]
    public void PValues_TenErrorsIn200_AreTheClosedForms()
    {
        Assert.Equal(0.3678794, LearnThenTest.HoeffdingPValue(0.05, 200, 0.1), Tolerance);
        Assert.Equal(0.0080712, LearnThenTest.BinomialPValue(10, 200, 0.1), Tolerance);
        Assert.Equal(1, LearnThenTest.BinomialPValue(200, 200, 0.1));
    }

    [Fact]
    public void BinomialPValue_AnyCount_IsTheSumOfTheTail() => Gen.Select(Gen.Int[1, 80], Gen.Double[0, 1], Gen.Double[0.01, 0.9])
        .Sample((n, share, alpha) =>
        {
            var k = (int)(share * n);
            return Math.Abs(LearnThenTest.BinomialPValue(k, n, alpha) - (1 - Tail(k + 1, n, alpha))) < 1e-9;
        });

    [Fact]
    public void FixedSequence_FirstFailure_EndsIt()
    {
        Assert.Equal(2, LearnThenTest.FixedSequence([0.01, 0.05, 0.06, 0.001], 0.05));
        Assert.Equal(0, LearnThenTest.FixedSequence([0.06, 0.001], 0.05));
        Assert.Equal(1, LearnThenTest.FixedSequence([0], 0.05));
    }

    [Theory]
    [InlineData(9, 0)]
    [InlineData(19, 0.0526316)]
    [InlineData(99, 0.0909091)]
    [InlineData(199, 0.0954774)]
    public void MaxMeanLoss_TenPercent_IsTheClosedForm(int rows, double loss) =>
        Assert.Equal(loss, ConformalRiskControl.MaxMeanLoss(rows, 0.1, 1), Tolerance);

    [Fact]
    public void Threshold_TooFewRows_IsInfeasible()
    {
        var eight = ConformalRiskControl.Threshold([.. Enumerable.Range(0, 8)], new double[8], 0.1, 1);
        Assert.Equal((false, double.PositiveInfinity), (eight.IsFeasible, eight.Threshold));
        var nine = ConformalRiskControl.Threshold([.. Enumerable.Range(0, 9)], new double[9], 0.1, 1);
        Assert.Equal((true, double.NegativeInfinity), (nine.IsFeasible, nine.Threshold));
    }

    [Fact]
    public void Threshold_JustEnoughRows_IsFeasible()
    {
        const double Alpha = 1.0 / 49;
        Assert.True(ConformalRiskControl.MaxMeanLoss(48, Alpha, 1) < 0, "rounding puts the limit below 0");
        var choice = ConformalRiskControl.Threshold([.. Enumerable.Range(0, 48)], new double[48], Alpha, 1);
        Assert.Equal((true, double.NegativeInfinity, 0.0), (choice.IsFeasible, choice.Threshold, choice.MeanRegret));
    }

    [Fact]
    public void Threshold_OneRegret_EscalatesUpToIt()
    {
        var regrets = new double[9];
        regrets[4] = 1;
        var choice = ConformalRiskControl.Threshold([.. Enumerable.Range(0, 9)], regrets, 0.1, 1);
        Assert.Equal((true, Math.BitIncrement(4.0), 0.0), (choice.IsFeasible, choice.Threshold, choice.MeanRegret));
    }

    [Fact]
    public void Threshold_AnyRows_IsTheLowestThatMeetsTheLimit() => Cases.Sample(c =>
    {
        var choice = ConformalRiskControl.Threshold(c.Scores, c.Regrets, c.Alpha, 1);
        var limit = ConformalRiskControl.MaxMeanLoss(c.Scores.Length, c.Alpha, 1) + 1e-9;

        // A limit missed by less than 1e-12 may count as met.
        Assert.True(choice.IsFeasible ? limit >= 1e-9 - 2e-12 : limit < 1e-9);
        Assert.Equal(Kept(c, choice.Threshold), choice.MeanRegret, 1e-9);
        if (choice.IsFeasible)
        {
            Assert.True(choice.MeanRegret <= limit);
            Assert.True(double.IsInfinity(choice.Threshold) || Kept(c, Math.BitDecrement(choice.Threshold)) > limit - 2e-9);
        }
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (never, always, between, infeasible) = (0, 0, 0, 0);
        Cases.Sample(
            c =>
            {
                var choice = ConformalRiskControl.Threshold(c.Scores, c.Regrets, c.Alpha, 1);
                infeasible += choice.IsFeasible ? 0 : 1;
                never += choice.Threshold == double.NegativeInfinity ? 1 : 0;
                always += choice.IsFeasible && choice.Threshold == double.PositiveInfinity ? 1 : 0;
                between += double.IsFinite(choice.Threshold) ? 1 : 0;
            },
            iter: 5_000, threads: 1);
        Assert.True(
            never > 200 && always > 20 && between > 500 && infeasible > 200,
            $"{never} never, {always} always, {between} between, {infeasible} infeasible");
    }

    private static void AssertTails(int k, int n, double delta)
    {
        var low = BinomialBounds.ClopperPearsonLower(k, n, delta);
        var high = BinomialBounds.ClopperPearsonUpper(k, n, delta);
        Assert.Equal(k == 0 ? 0 : delta, k == 0 ? low : Tail(k, n, low), Tolerance);
        Assert.Equal(k == n ? 1 : delta, k == n ? high : 1 - Tail(k + 1, n, high), Tolerance);
    }

    private static double Kept((double[] Scores, double[] Regrets, double Alpha) c, double threshold) =>
        c.Scores.Zip(c.Regrets).Where(x => x.First >= threshold).Sum(x => x.Second) / c.Scores.Length;

    /// <summary>P(Bin(n, p) ≥ k), summed from the likelier end: the other one may be too small for a double to keep its digits.</summary>
    private static double Tail(int k, int n, double p) => p < 0.5 ? TailFromBelow(k, n, p) : TailFromAbove(k, n, p);

    private static double TailFromBelow(int k, int n, double p)
    {
        var (term, sum) = (Math.Pow(1 - p, n), 0.0);
        for (var i = 0; i <= n; i++)
        {
            sum += i >= k ? term : 0;
            term *= (n - i) / (i + 1.0) * (p / (1 - p));
        }

        return sum;
    }

    private static double TailFromAbove(int k, int n, double p)
    {
        var (term, sum) = (Math.Pow(p, n), 0.0);
        for (var i = n; i >= k; i--)
        {
            sum += term;
            term *= i / (n - i + 1.0) * ((1 - p) / p);
        }

        return sum;
    }
}
