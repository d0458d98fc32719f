using Cascade.Planning.Copulas;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Copulas;

public sealed class GumbelCopulaTests
{
    private const double Tolerance = 1e-6;

    private static readonly double[] Edges = [0, 1, 1e-12, 1 - 1e-12];

    private static readonly Gen<double> Theta = Gen.Frequency((1, Gen.Const(1.0)), (4, Gen.Double[1, 4]), (1, Gen.Double[4, GumbelCopula.MaxTheta]));

    private static readonly Gen<double> Unit = Gen.Frequency((1, Gen.Int[0, 3].Select(i => Edges[i])), (6, Gen.Double[0, 1]));

    private static readonly Gen<(GumbelCopula Copula, double U, double V)> Points =
        Gen.Select(Theta, Unit, Unit, (theta, u, v) => (new GumbelCopula(theta), u, v));

    [Fact]
    public void T7_3_ThetaTwo_HasTheKnownValues()
    {
        var copula = new GumbelCopula(2);
        Assert.Equal(0.3752142, copula.Cdf(0.5, 0.5), Tolerance);
        Assert.Equal(0.7504285, copula.Cdf(0.5, 0.5) / 0.5, Tolerance);
        Assert.Equal(0.5306330, copula.ConditionalCdf(0.5, 0.5), Tolerance);
        Assert.Equal(0.25, new GumbelCopula(1).Cdf(0.5, 0.5), Tolerance);
        Assert.Equal(2, GumbelCopula.OfKendallTau(0.5).Theta, 1e-12);
    }

    [Theory]
    [InlineData(-0.3, 1)]
    [InlineData(0, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, GumbelCopula.MaxTheta)]
    public void OfKendallTau_Edges_StayWithinTheFamily(double tau, double theta) => Assert.Equal(theta, GumbelCopula.OfKendallTau(tau).Theta);

    [Fact]
    public void New_NotANumber_IsRefused() =>
        Assert.Contains("independence", Assert.Throws<ArgumentOutOfRangeException>(() => new GumbelCopula(double.NaN)).Message, StringComparison.Ordinal);

    [Fact]
    public void Cdf_AnyPoint_IsWithinTheFrechetBoundsAndNotBelowIndependence() => Points.Sample(p =>
    {
        var value = p.Copula.Cdf(p.U, p.V);
        Assert.InRange(value, Math.Max(0, p.U + p.V - 1) - 1e-12, Math.Min(p.U, p.V) + 1e-12);
        Assert.True(value >= (p.U * p.V) - 1e-12);
        Assert.Equal(value, p.Copula.Cdf(p.V, p.U), 1e-12);
        Assert.Equal(value, p.Copula.CdfOfPowers(p.Copula.Power(p.U), p.Copula.Power(p.V)), 1e-9);
    });

    [Fact]
    public void Cdf_LargerArgument_NeverFalls() => Gen.Select(Points, Unit).Sample((p, more) =>
        Assert.True(p.Copula.Cdf(p.U, Math.Max(p.V, more)) >= p.Copula.Cdf(p.U, p.V) - 1e-12));

    [Fact]
    public void ConditionalCdf_LargerArgument_NeverFallsAndIsAProbability() => Gen.Select(Points, Unit).Sample((p, more) =>
    {
        var (below, above) = (p.Copula.ConditionalCdf(p.U, p.V), p.Copula.ConditionalCdf(p.U, Math.Max(p.V, more)));
        Assert.InRange(below, 0, 1);
        Assert.True(above >= below - 1e-9, $"{below} {above}");
    });

    [Fact]
    public void ConditionalCdf_InsideTheSquare_IsTheDerivativeOfTheCdf() => Gen.Select(Theta, Gen.Double[0.05, 0.95], Gen.Double[0.05, 0.95]).Sample(
        (theta, u, v) =>
        {
            const double Step = 1e-6;
            var copula = new GumbelCopula(theta);
            var numeric = (copula.Cdf(u + Step, v) - copula.Cdf(u - Step, v)) / (2 * Step);
            Assert.Equal(numeric, copula.ConditionalCdf(u, v), 1e-6 * theta * theta);
        });

    [Fact]
    public void Density_InsideTheSquare_IsTheDerivativeOfTheConditionalCdf() => Gen.Select(Gen.Double[1, 6], Gen.Double[0.05, 0.95], Gen.Double[0.05, 0.95]).Sample(
        (theta, u, v) =>
        {
            const double Step = 1e-6;
            var copula = new GumbelCopula(theta);
            var numeric = (copula.ConditionalCdf(u, v + Step) - copula.ConditionalCdf(u, v - Step)) / (2 * Step);
            var density = copula.Density(u, v);
            Assert.True(density >= 0);
            Assert.Equal(numeric, density, 1e-5 * (1 + density));
        });

    [Fact]
    public void Density_OnTheEdge_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new GumbelCopula(2).Density(0.5, 1));

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (independent, strong, edges, dependent) = (0, 0, 0, 0);
        Points.Sample(
            p =>
            {
                independent += p.Copula.Theta == 1 ? 1 : 0;
                strong += p.Copula.Theta > 10 ? 1 : 0;
                edges += p.U is 0 or 1 || p.V is 0 or 1 ? 1 : 0;
                dependent += p.Copula.Cdf(p.U, p.V) > (p.U * p.V) + 0.01 ? 1 : 0;
            },
            iter: 4_000, threads: 1);
        Assert.True(independent > 300 && strong > 200 && edges > 300 && dependent > 150, $"{independent} {strong} {edges} {dependent}");
    }
}
