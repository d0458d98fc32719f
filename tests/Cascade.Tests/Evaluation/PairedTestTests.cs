using Cascade.Planning.Selection;
using Xunit;

namespace Cascade.Tests.Evaluation;

public sealed class PairedTestTests
{
    [Fact]
    public void Of_KnownDifferences_MatchesStudentsDistribution()
    {
        // Differences 1, 2, 3: mean 2, error 1/√3, t = 3.4641016 with 2 degrees of freedom, whose upper tail is 1/2 − t / (2√(2 + t²)).
        var (mean, error, p) = PairedTest.Of([1, 2, 3], [0, 0, 0]);

        Assert.Equal(2, mean, 1e-12);
        Assert.Equal(1 / Math.Sqrt(3), error, 1e-12);
        Assert.Equal(0.5 - (Math.Sqrt(12) / (2 * Math.Sqrt(14))), p, 1e-9);
        Assert.Equal(1 - p, PairedTest.Of([0, 0, 0], [1, 2, 3]).PValue, 1e-9);
    }

    [Theory]
    [InlineData(new[] { 0.5, 0.5 }, new[] { 0.5, 0.5 }, 1)]
    [InlineData(new[] { 1.5, 1.5 }, new[] { 0.5, 0.5 }, 0)]
    [InlineData(new[] { 0.5, 0.5 }, new[] { 1.5, 1.5 }, 1)]
    public void Of_SameDifferenceOnEveryRow_IsCertain(double[] one, double[] other, double expected) =>
        Assert.Equal(expected, PairedTest.Of(one, other).PValue);

    [Fact]
    public void Holm_ThreeValues_StepsDown() => Assert.Equal([0.04, 0.03, 0.04], PairedTest.Holm([0.02, 0.01, 0.03]), EqualTo12Places);

    private static bool EqualTo12Places(double a, double b) => Math.Abs(a - b) < 1e-12;
}
