using Cascade.Planning.CascadeRouting;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.CascadeRouting;

public sealed class NormalMathsTests
{
    private const double Tolerance = 1e-6;

    private static readonly Gen<(double M1, double M2, double S1, double S2, double Rho)> Pairs = Gen.Select(
        Gen.Double[0, 1], Gen.Double[0, 1], Gen.Frequency((1, Gen.Const(0.0)), (4, Gen.Double[0, 0.4])), Gen.Double[0, 0.4],
        Gen.Frequency((1, Gen.Const(1.0)), (1, Gen.Const(-1.0)), (4, Gen.Double[-1, 1])));

    [Theory]
    [InlineData(0, 0, 1, 1, 0, 0.5641896)]
    [InlineData(0.6, 0.5, 0.1, 0.2, 0, 0.6479811)]
    [InlineData(0.6, 0.5, 0.1, 0.2, 0.5, 0.6303058)]
    public void T2_2_Clark_KnownPairs_HaveTheirMean(double m1, double m2, double s1, double s2, double rho, double expected)
    {
        Assert.Equal(expected, NormalMaximum.OfTwo(m1, m2, s1 * s1, s2 * s2, rho * s1 * s2).Mean, Tolerance);
        Assert.Equal(expected, ExpectedMaximum.Of([m1, m2], [s1 * s1, rho * s1 * s2, rho * s1 * s2, s2 * s2]), Tolerance);
    }

    [Fact]
    public void T2_2_Clark_StandardPair_HasVarianceOneMinusOneOverPi()
    {
        Assert.Equal(0.6816901, NormalMaximum.OfTwo(0, 0, 1, 1, 0).Variance, Tolerance);
        Assert.Equal(1 - (1 / Math.PI), NormalMaximum.OfTwo(1e6, 1e6, 1, 1, 0).Variance, Tolerance);
    }

    [Fact]
    public void T2_2_Clark_NoSpread_IsTheLargerMean()
    {
        Assert.Equal(new NormalMaximum(0.6, 0.04), NormalMaximum.OfTwo(0.6, 0.5, 0.04, 0.04, 0.04));
        Assert.Equal(new NormalMaximum(0.7, 0), NormalMaximum.OfTwo(0.6, 0.7, 0, 0, 0));
        Assert.Equal(0.6, NormalMaximum.OfTwo(0.6, 0.5, 1e-10, 0, 0).Mean, Tolerance);
    }

    [Fact]
    public void T2_4_Index_NormalAndUniform_AreAsPublished()
    {
        Assert.Equal(0.6804693, PandoraIndex.OfNormal(0.5, 0.2, 0.02), Tolerance);
        Assert.Equal(0.6, PandoraIndex.OfUniform(0, 1, 0.08), Tolerance);
        Assert.Equal(-0.25, PandoraIndex.OfUniform(0, 1, 0.75), Tolerance);
        Assert.Equal(0.3, PandoraIndex.OfNormal(0.5, 0, 0.2), Tolerance);
        Assert.Equal(double.PositiveInfinity, PandoraIndex.OfNormal(0.5, 0.2, 0));
        Assert.Equal(0.5 - 30, PandoraIndex.OfNormal(0.5, 0.2, 30), Tolerance);
    }

    [Fact]
    public void Index_AnyNormal_PaysItsPriceInExpectedExcess() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0.01, 0.5], Gen.Double[1e-4, 1]).Sample((mean, deviation, price) =>
        {
            var z = PandoraIndex.OfNormal(mean, deviation, price);
            var excess = NormalMaximum.OfTwo(mean, z, deviation * deviation, 0, 0).Mean - z;
            return Math.Abs(excess - price) < 1e-9;
        });

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(1e-10, -6.361340902404056)]
    public void Quantile_KnownProbability_IsItsPoint(double p, double z)
    {
        Assert.Equal(z, NormalDistribution.Quantile(p), 1e-11);
        Assert.Equal(p, NormalDistribution.Cumulative(z), 1e-12);
    }

    [Fact]
    public void Sampled_TwoModels_IsWithinTwoThousandthsOfClark() => Pairs.Sample(p =>
    {
        var covariance = p.Rho * p.S1 * p.S2;
        var exact = NormalMaximum.OfTwo(p.M1, p.M2, p.S1 * p.S1, p.S2 * p.S2, covariance).Mean;
        var sampled = ExpectedMaximum.Sampled([p.M1, p.M2], [p.S1 * p.S1, covariance, covariance, p.S2 * p.S2], 256);
        return Math.Abs(exact - sampled) < 2e-3;
    });

    [Fact]
    public void Sampled_FiveModels_AgreesWithPlainMonteCarlo()
    {
        var reference = new ExhaustiveReference(ExhaustiveReference.MonteCarlo(20_000, 5, seed: 5));
        RoutingCase.Fitted(5, 0).Sample(
            c =>
            {
                var plain = reference.Search(c with { Price = 0 }).Values[^1];
                var ours = ExpectedMaximum.Sampled(c.Mean, [.. c.Covariance.Cast<double>()], 256);
                Assert.Equal(plain, ours, 8e-3);
            },
            iter: 50);
    }

    [Fact]
    public void Sampled_OneModel_IsItsMean() => Assert.Equal(0.37, ExpectedMaximum.Sampled([0.37], [0.3], 256), 1e-12);

    [Theory]
    [InlineData(4, 1.0293753730)]
    [InlineData(11, 1.5864363519)]
    public void Sampled_IndependentStandardNormals_HaveTheirKnownMaximum(int k, double expected)
    {
        var covariance = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            covariance[(i * k) + i] = 1;
        }

        Assert.Equal(expected, ExpectedMaximum.Of(new double[k], covariance), 1.5e-2);
        Assert.Equal(expected, ExpectedMaximum.Sampled(new double[k], covariance, 4096), 3e-3);
    }

    [Fact]
    public void Points_EverySet_AreCentredUncorrelatedAndSpread()
    {
        foreach (var points in new[] { 64, 256, 4096 })
        {
            var z = QuasiNormalPoints.Of(points);
            Assert.Equal(QuasiNormalPoints.MaxDimensions * points, z.Length);
            for (var d = 0; d < QuasiNormalPoints.MaxDimensions; d++)
            {
                var column = z.AsSpan(d * points, points);
                Assert.Equal(0, column.ToArray().Average(), 1e-12);
                for (var e = 0; e <= d; e++)
                {
                    var other = z.AsSpan(e * points, points).ToArray();
                    Assert.Equal(d == e ? 1 : 0, column.ToArray().Zip(other, (a, b) => a * b).Average(), 1e-10);
                }
            }
        }
    }

    [Fact]
    public void Points_FirstCoordinate_HoldsOnePointPerInterval()
    {
        var column = QuasiNormalPoints.Of(256).AsSpan(0, 256).ToArray().Select(NormalDistribution.Cumulative).Order().ToArray();
        Assert.All(column.Select((u, i) => (u, i)), p => Assert.InRange(p.u, (p.i - 0.5) / 256, (p.i + 1.5) / 256));
    }

    [Fact]
    public void ExpectedMaximum_BadInput_IsNamed()
    {
        Assert.Contains("means", Assert.Throws<ArgumentException>(() => ExpectedMaximum.Of([], [])).Message, StringComparison.Ordinal);
        Assert.Contains("covariance holds NaN", Assert.Throws<ArgumentException>(() => ExpectedMaximum.Of([1], [double.NaN])).Message, StringComparison.Ordinal);
        Assert.Contains("points is 100", Assert.Throws<ArgumentException>(() => ExpectedMaximum.Sampled([1], [1], 100)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (known, same, opposite, near) = (0, 0, 0, 0);
        Pairs.Sample(
            p =>
            {
                known += p.S1 == 0 ? 1 : 0;
                same += p.Rho == 1 ? 1 : 0;
                opposite += p.Rho == -1 ? 1 : 0;
                near += Math.Abs(p.M1 - p.M2) < 0.1 ? 1 : 0;
            },
            iter: 2_000, threads: 1);
        Assert.True(known > 100 && same > 100 && opposite > 100 && near > 100, $"{known} {same} {opposite} {near}");
    }
}
