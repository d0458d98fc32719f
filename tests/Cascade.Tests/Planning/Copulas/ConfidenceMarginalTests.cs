using Cascade.Planning.Calibration;
using Cascade.Planning.Copulas;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Copulas;

public sealed class ConfidenceMarginalTests
{
    private static readonly Gen<double[]> Columns = Gen.Int[1, 60].SelectMany(n => Gen.Frequency(
        (1, Gen.Double[0, 1].Select(x => Enumerable.Repeat(x, n).ToArray())),
        (2, Gen.Int[0, 3].Select(i => i / 3.0).Array[n]),
        (2, Gen.Double[0, 1].Array[n]),
        (3, Gen.Frequency((2, Gen.Const(0.02)), (2, Gen.Const(0.97)), (4, Gen.Double[0.02, 0.97])).Array[n])));

    [Fact]
    public void New_Uniform_IsLinear()
    {
        var uniform = new ConfidenceMarginal(0, 1, 0, 0, [new BetaComponent(1, 1, 1)]);
        Assert.All([0.0, 0.123, 0.5, 0.77, 1], x => Assert.Equal(x, uniform.Cdf(x), 1e-12));
        Assert.Equal(0.5, uniform.Mean, 1e-12);
        Assert.Equal((1 - (0.4 * 0.4)) / 2, uniform.MeanAbove(0.4), 1e-12);
    }

    [Fact]
    public void Cdf_BetaWithMasses_IsWithinAMillionthOfTheExactOne()
    {
        var marginal = new ConfidenceMarginal(0.1, 0.9, 0.2, 0.3, [new BetaComponent(0.6, 2.5, 6), new BetaComponent(0.4, 8, 0.7)]);
        Assert.Equal((0.0, 1.0), (marginal.Cdf(0.0999), marginal.Cdf(0.9)));
        Assert.Equal(0.2, marginal.Cdf(0.1), 1e-12);
        for (var i = 1; i < 97; i++)
        {
            var x = i / 97.0;
            var exact = (0.6 * SpecialFunctions.RegularizedBeta(x, 2.5, 6)) + (0.4 * SpecialFunctions.RegularizedBeta(x, 8, 0.7));
            Assert.Equal(0.2 + (0.5 * exact), marginal.Cdf(0.1 + (0.8 * x)), 1e-6);
        }

        var between = 0.1 + (0.8 * ((0.6 * 2.5 / 8.5) + (0.4 * 8 / 8.7)));
        Assert.Equal((0.2 * 0.1) + (0.3 * 0.9) + (0.5 * between), marginal.Mean, 1e-5);
    }

    [Fact]
    public void Fit_AllEqual_IsOnePointMass()
    {
        var marginal = ConfidenceMarginal.Fit([0.7, 0.7, 0.7]);
        Assert.Equal((0.7, 0.7, 1.0), (marginal.Min, marginal.Max, marginal.MassAtMin));
        Assert.Equal((0.0, 1.0), (marginal.Cdf(0.69), marginal.Cdf(0.7)));
        Assert.Equal(0.7, marginal.Mean, 1e-12);
    }

    [Fact]
    public void Fit_AnyColumn_IsADistributionWithTheMeanOfTheRows() => Columns.Sample(values =>
    {
        var marginal = ConfidenceMarginal.Fit(values);
        var before = 0.0;
        for (var i = -5; i <= 105; i++)
        {
            var here = marginal.Cdf(i / 100.0);
            Assert.InRange(here, before - 1e-12, 1 + 1e-12);
            before = here;
            Assert.InRange(marginal.MeanAbove(i / 100.0), -1e-9, marginal.Mean + 1e-9);
        }

        Assert.Equal(1, before);
        Assert.Equal(values.Average(), marginal.Mean, 0.1);
    });

    [Fact]
    public void Fit_Likelihood_NeverFalls() => Gen.Select(Columns, Gen.Int[1, 3]).Sample((values, components) =>
    {
        var trace = BetaMixtureFit.Fit(values, components).LogLikelihoods;
        for (var i = 1; i < trace.Count; i++)
        {
            Assert.True(trace[i] >= trace[i - 1] - (1e-9 * (1 + Math.Abs(trace[i - 1]))), $"{trace[i - 1]} to {trace[i]} at {i}");
        }
    });

    [Fact]
    public void FitBest_TwoHumps_FindsBoth()
    {
        var values = new double[2_000];
        for (var i = 0; i < values.Length; i++)
        {
            var u = ((i / 2) + 0.5) / (values.Length / 2);
            values[i] = i % 2 == 0 ? SpecialFunctions.InverseRegularizedBeta(u, 3, 12) : SpecialFunctions.InverseRegularizedBeta(u, 30, 5);
        }

        var components = BetaMixtureFit.FitBest(values, 3).Components.OrderBy(c => c.A / (c.A + c.B)).ToArray();
        Assert.Equal(2, components.Length);
        Assert.Equal((0.5, 3, 12), (Math.Round(components[0].Weight, 2), Math.Round(components[0].A), Math.Round(components[0].B)));
        Assert.Equal(30, components[1].A, 1.5);
    }

    [Fact]
    public void New_NoDistribution_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new ConfidenceMarginal(0, 1, 0.6, 0.6, []));
        Assert.Throws<ArgumentException>(() => new ConfidenceMarginal(0, 1, 0.2, 0.2, []));
        Assert.Throws<ArgumentException>(() => new ConfidenceMarginal(1, 0, 0.5, 0.5, []));
        Assert.Throws<ArgumentException>(() => ConfidenceMarginal.Fit([]));
        Assert.Throws<ArgumentException>(() => ConfidenceMarginal.Fit([double.NegativeInfinity]));
    }

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (one, equal, masses, mixtures) = (0, 0, 0, 0);
        Columns.Sample(
            values =>
            {
                var marginal = ConfidenceMarginal.Fit(values);
                one += values.Length == 1 ? 1 : 0;
                equal += marginal.Min == marginal.Max ? 1 : 0;
                masses += marginal.MassAtMin > 0.1 && marginal.MassAtMax > 0.1 && marginal.Between.Length > 0 ? 1 : 0;
                mixtures += marginal.Between.Length > 1 ? 1 : 0;
            },
            iter: 1_000, threads: 1);
        Assert.True(one > 5 && equal > 50 && masses > 200 && mixtures > 20, $"{one} {equal} {masses} {mixtures}");
    }
}
