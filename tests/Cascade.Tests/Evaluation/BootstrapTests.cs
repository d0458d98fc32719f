using Cascade.Planning.Evaluation;
using Xunit;

namespace Cascade.Tests.Evaluation;

public sealed class BootstrapTests
{
    [Theory]
    [InlineData(400)]
    [InlineData(20_001)]
    public void Of_ShareOfRightAnswers_IsAsWideAsTheNormalInterval(int rows)
    {
        var random = new Random(3);
        var column = Enumerable.Range(0, rows).Select(_ => random.NextDouble() < 0.3 ? 1.0 : 0).ToArray();
        var mean = column.Average();
        var error = Math.Sqrt(mean * (1 - mean) / rows);

        var interval = new Bootstrap(rows, 2000, 5).Of(column, 0.95);

        Assert.InRange(interval.Low, mean - (2.25 * error), mean - (1.7 * error));
        Assert.InRange(interval.High, mean + (1.7 * error), mean + (2.25 * error));
    }

    [Fact]
    public void Of_SameSeed_IsTheSame_OtherSeedIsNot()
    {
        double[] column = [.. Enumerable.Range(0, 200).Select(i => Math.Sin(i))];

        Assert.Equal(new Bootstrap(200, 300, 1).Of(column, 0.95), new Bootstrap(200, 300, 1).Of(column, 0.95));
        Assert.NotEqual(new Bootstrap(200, 300, 1).Of(column, 0.95), new Bootstrap(200, 300, 2).Of(column, 0.95));
    }

    [Fact]
    public void Of_SameRowsInBothColumns_DifferenceHasNoWidth()
    {
        double[] one = [.. Enumerable.Range(0, 100).Select(i => i % 3 / 2.0)];
        var difference = Array.ConvertAll(one, u => (u + 0.25) - u);

        var interval = new Bootstrap(100, 200, 9).Of(difference, 0.95);

        Assert.Equal(0.25, interval.Low, 1e-12);
        Assert.Equal(0.25, interval.High, 1e-12);
    }

    [Fact]
    public void Of_OneRow_IsThatRow() => Assert.Equal(new Interval(0.4, 0.4), new Bootstrap(1, 100, 0).Of([0.4], 0.95));

    [Fact]
    public void Means_ManyRows_EveryRowCountsOnceOnAverage()
    {
        var rows = Bootstrap.MostGroups + 1000;
        double[] column = [.. Enumerable.Range(0, rows).Select(i => i < 1000 ? 1.0 : 0)];

        Assert.Equal(1000.0 / rows, new Bootstrap(rows, 2000, 4).Means([column])[0].Average(), 0.002);
    }
}
