using Cascade.Grains.Routing;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Grains.Reliability;

public sealed class HedgeDelayTests
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(1);

    [Fact]
    public void Current_NothingLearned_IsTheLeast() => Assert.Equal(Least, new HedgeDelay(0.95, Least, Most).Current);

    [Fact]
    public void Learn_AnyCalls_StaysBetweenTheLeastAndTheMost() => Gen.Bool.Array[0, 500].Sample(calls =>
    {
        var delay = new HedgeDelay(0.95, Least, Most);
        foreach (var late in calls)
        {
            delay.Learn(late);
            Assert.InRange(delay.Current, Least, Most);
        }
    });

    [Fact]
    public void Learn_AllAreLate_EndsAtTheMost()
    {
        var delay = new HedgeDelay(0.95, Least, Most);
        for (var i = 0; i < 200; i++)
        {
            delay.Learn(late: true);
        }

        Assert.Equal(Most, delay.Current);
    }

    [Theory]
    [InlineData(0.95, 200, 2_000)]
    [InlineData(0.8, 500, 1_000)]
    [InlineData(0.95, 10, 50)]
    public void Learn_LatenciesOfOneKind_LetsThatShareBeInTime(double share, int fastest, int slowest)
    {
        var delay = new HedgeDelay(share, TimeSpan.FromMilliseconds(5), Most);
        var draw = new Random(7);
        var (inTime, counted) = (0, 0);
        for (var i = 0; i < 6_000; i++)
        {
            var late = fastest + (draw.NextDouble() * (slowest - fastest)) > delay.Current.TotalMilliseconds;
            delay.Learn(late);
            (inTime, counted) = i < 1_000 ? (0, 0) : (inTime + (late ? 0 : 1), counted + 1);
        }

        Assert.InRange(inTime / (double)counted, share - 0.02, share + 0.02);
    }

    [Fact]
    public void Learn_CallsBecomeFastAgain_ComesBackToTheLeast()
    {
        var delay = new HedgeDelay(0.95, Least, Most);
        for (var i = 0; i < 50; i++)
        {
            delay.Learn(late: true);
        }

        Assert.True(delay.Current > TimeSpan.FromSeconds(5));
        for (var i = 0; i < 2_000; i++)
        {
            delay.Learn(late: false);
        }

        Assert.Equal(Least, delay.Current);
    }
}
