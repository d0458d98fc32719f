using Cascade.Grains.Routing;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Grains.Reliability;

public sealed class OutlierWatchTests
{
    private static readonly Gen<(int Deployments, (int Who, int Kind, int Ms)[] Calls)> Histories =
        Gen.Select(Gen.Int[2, 6], Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, 1_500]).Array[20, 200]);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Learn_OneFailsAndTheOthersDoNot_IsEjectedAfterThree()
    {
        var watch = new OutlierWatch(3, _time);
        Assert.Null(watch.Learn(1, failed: false));

        Assert.Equal([null, null, TimeSpan.FromSeconds(10)], Fail(watch, 0, 3));
    }

    [Fact]
    public void Learn_AllFailAlike_NobodyIsAnOutlier()
    {
        var watch = new OutlierWatch(3, _time);
        var first = Enumerable.Range(0, 2).SelectMany(_ => Enumerable.Range(0, 3)).Select(who => watch.Learn(who, failed: true)).ToList();

        Assert.All(first.Concat(Enumerable.Range(0, 30).Select(i => watch.Learn(i % 3, failed: true))), Assert.Null);
    }

    [Fact]
    public void Learn_GoesOnAfterItsReturn_IsEjectedForTwiceAsLongEachTime()
    {
        var watch = new OutlierWatch(2, _time);
        var times = new List<double>();
        for (var round = 0; round < 8; round++)
        {
            Assert.Null(watch.Learn(1, failed: false));
            var ejected = Fail(watch, 0, 3)[^1]!.Value;
            times.Add(ejected.TotalSeconds);
            _time.Advance(ejected);
        }

        Assert.Equal([10, 20, 40, 80, 160, 320, 320, 320], times);
        _time.Advance(TimeSpan.FromSeconds(321));
        Assert.Equal(10, Fail(watch, 0, 3)[^1]!.Value.TotalSeconds);
    }

    [Fact]
    public void Readmit_BeforeItsTime_MayBeEjectedAgainAtOnce()
    {
        var watch = new OutlierWatch(2, _time);
        Assert.Null(watch.Learn(1, failed: false));
        Assert.NotNull(Fail(watch, 0, 3)[^1]);
        Assert.All(Fail(watch, 0, 4), Assert.Null);

        watch.Readmit(0);

        Assert.Equal(20, Fail(watch, 0, 3).OfType<TimeSpan>().Single().TotalSeconds);
    }

    [Fact]
    public void Learn_FailuresAreOld_CountNoMore()
    {
        var watch = new OutlierWatch(2, _time);
        Fail(watch, 0, 2);
        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Null(watch.Learn(0, failed: true));
    }

    [Fact]
    public void Learn_AnyHistory_AtMostHalfAreOutAndEachOfThemFailed() => Histories.Sample(static history => Play(history.Deployments, history.Calls), iter: 1_000);

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var seen = new HashSet<string>();
        Histories.Sample(history => seen.UnionWith(Play(history.Deployments, history.Calls)), iter: 1_000, threads: 1);

        Assert.Empty(new[] { "ejected", "ejected again", "no room", "as many as may be" }.Except(seen));
    }

    private static TimeSpan?[] Fail(OutlierWatch watch, int who, int count) => [.. Enumerable.Range(0, count).Select(_ => watch.Learn(who, failed: true))];

    private static HashSet<string> Play(int deployments, (int Who, int Kind, int Ms)[] calls)
    {
        var time = new FakeTimeProvider();
        var watch = new OutlierWatch(deployments, time);
        var until = new DateTimeOffset[deployments];
        var seen = new HashSet<string>();
        foreach (var (who, kind, ms) in calls)
        {
            time.Advance(TimeSpan.FromMilliseconds(ms));
            var (deployment, now) = (who % deployments, time.GetUtcNow());

            // Those of one half fail mostly.
            var failed = kind == 0 || (kind == 1 && deployment < deployments / 2.0);
            var outBefore = until.Count(u => u > now);
            if (watch.Learn(deployment, failed) is { } ejection)
            {
                Assert.True(failed);
                Assert.True(until[deployment] <= now, "an ejected deployment is not ejected again");
                Assert.True(outBefore + 1 <= deployments / 2.0, "no more than half");
                Assert.InRange(ejection, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(320));
                seen.Add(until[deployment] == default ? "ejected" : "ejected again");
                until[deployment] = now + ejection;
            }

            if (outBefore == deployments / 2)
            {
                seen.Add("as many as may be");
                seen.Add(failed && until[deployment] <= now ? "no room" : "");
            }
        }

        return seen;
    }
}
