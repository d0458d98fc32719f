using Cascade.Planning.Evaluation;
using Xunit;

namespace Cascade.Tests.Evaluation;

public sealed class SimultaneousComparisonTests
{
    [Fact]
    public void Of_OneDifference_IsAsWideAsTheNormalInterval()
    {
        var column = Normal(400, new Random(7));

        var comparison = Of([column], 4000);

        Assert.InRange(comparison.Critical, 1.88, 2.04);
        var interval = Assert.Single(comparison.All).Interval;
        Assert.InRange((interval.High - interval.Low) / 2 / (Deviation(column) / Math.Sqrt(400)), 1.8, 2.12);
    }

    [Fact]
    public void Of_IndependentDifferences_ReachesSidaksQuantile()
    {
        var random = new Random(11);

        var comparison = Of([.. Enumerable.Range(0, 20).Select(_ => Normal(2000, random))], 4000);

        // Of twenty independent standard normals, P(max |z| ≤ c) = 0.95 at c = Φ⁻¹((1 + 0.95^(1/20)) / 2) = 3.0163.
        Assert.InRange(comparison.Critical, 2.9, 3.13);
    }

    [Fact]
    public void Of_CopiesOfADifference_CostNoMoreThanOne()
    {
        var column = Normal(300, new Random(5));

        Assert.Equal(Of([column], 1000).Critical, Of([column, column, Array.ConvertAll(column, x => 3 * x)], 1000).Critical, 1e-9);
    }

    [Fact]
    public void Of_NoDifferenceOnAnyRow_IsNotAmongThem()
    {
        var column = Normal(300, new Random(5));

        var comparison = Of([column, new double[300]], 1000);

        Assert.Equal(1, comparison.Differences);
        Assert.Equal(new Interval(0, 0), comparison.All[1].Interval);
        Assert.Equal(Of([column], 1000).Critical, comparison.Critical, 1e-12);
        Assert.Equal(0, Of([new double[300]], 1000).Critical);
    }

    [Fact]
    public void Worse_OneFarBelowNoughtAmongMany_IsTheOnlyOne()
    {
        var random = new Random(3);
        double[][] columns = [.. Enumerable.Range(0, 10).Select(i => Array.ConvertAll(Normal(500, random), x => i == 4 ? x - 0.5 : x))];

        var worse = Assert.Single(Of(columns, 1000).Worse);

        Assert.Equal("s4", worse.Other);
        Assert.True(worse.Interval.High < 0);
    }

    [Fact]
    public void Of_ManySamples_HoldsAllAtOnceAboutAsOftenAsItSays()
    {
        var random = new Random(17);
        var (all, pointwise) = (0, 0);
        const int samples = 200;
        for (var sample = 0; sample < samples; sample++)
        {
            double[][] columns = [.. Enumerable.Range(0, 12).Select(_ => Normal(150, random))];
            var bootstrap = new Bootstrap(150, 400, (ulong)sample);
            var comparison = SimultaneousComparison.Of("auto", Named(columns), bootstrap, 0.95);
            all += comparison.All.All(d => d.Interval.Low <= 0 && d.Interval.High >= 0) ? 1 : 0;
            pointwise += columns.All(c => bootstrap.Of(c, 0.95) is { Low: <= 0, High: >= 0 }) ? 1 : 0;
        }

        Assert.InRange((double)all / samples, 0.9, 0.99);
        Assert.InRange((double)pointwise / samples, 0.35, 0.7);
    }

    [Fact]
    public void Of_SameSeed_IsTheSame()
    {
        double[][] columns = [Normal(100, new Random(1)), Normal(100, new Random(2))];

        Assert.Equal(Of(columns, 500).Critical, Of(columns, 500).Critical);
    }

    private static SimultaneousComparison Of(double[][] columns, int resamples) =>
        SimultaneousComparison.Of("auto", Named(columns), new Bootstrap(columns[0].Length, resamples, 42), 0.95);

    private static (string, double, double[])[] Named(double[][] columns) => [.. columns.Select((c, i) => ($"s{i}", 1.0, c))];

    private static double[] Normal(int rows, Random random) =>
        [.. Enumerable.Range(0, rows).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];

    private static double Deviation(double[] column)
    {
        var mean = column.Average();
        return Math.Sqrt(column.Sum(x => (x - mean) * (x - mean)) / (column.Length - 1));
    }
}
