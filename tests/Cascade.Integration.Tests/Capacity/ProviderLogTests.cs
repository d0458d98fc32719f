using Cascade.TestKit.Providers;
using Xunit;

namespace Cascade.Integration.Tests.Capacity;

/// <summary>The ruler that the other tests measure with.</summary>
public sealed class ProviderLogTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void OneAfterTheOther_IsNeverTwoAtOnce()
    {
        var log = Log((0, 1, "a"), (1, 2, "a"), (2, 3, "b"));

        Assert.Equal(1, log.MostAtOnce(TimeSpan.Zero, 9 * Second));
        Assert.Equal(1.0, log.ServedBy(TimeSpan.Zero, 3 * Second).Values.Sum(), 6);
    }

    [Fact]
    public void Overlapping_CountsWhatIsServedAndWhatHasNotEnded()
    {
        var log = Log((0, 3, "a"), (1, null, "b"), (2, 4, "a"));

        Assert.Equal(3, log.MostAtOnce(TimeSpan.Zero, 9 * Second));
        Assert.Equal(1, log.MostAtOnce(4 * Second, 9 * Second));
        Assert.Equal(2 * Second, log.Reached(3));
        Assert.Null(log.Reached(4));
        Assert.Equal(0.5, log.ServedBy(TimeSpan.Zero, 10 * Second)["a"], 6);
        Assert.Equal(0.9, log.ServedBy(TimeSpan.Zero, 10 * Second)["b"], 6);
    }

    [Fact]
    public void MostWithin_LooksAtEverySpanAndItsEndIsOpen()
    {
        var log = Log((0, 1, "a"), (5, 6, "a"), (5, 6, "a"), (8, 9, "a"), (8, 9, "a"));

        Assert.Equal(4, log.MostWithin(4 * Second));
        Assert.Equal(2, log.MostWithin(3 * Second));
        Assert.Equal(2, log.Came(1 * Second, 8 * Second));
        Assert.Equal(5, log.CameBy(TimeSpan.Zero, 10 * Second)["a"]);
    }

    [Fact]
    public void Jain_OneWithEverything_IsOneOverN()
    {
        Assert.Equal(1, ProviderLog.Jain([5, 5, 5]), 6);
        Assert.Equal(0.25, ProviderLog.Jain([8, 0, 0, 0]), 6);
    }

    private static ProviderLog Log(params (int From, int? To, string Caller)[] calls) => new(
        calls.Select(c => Visit(c.From * Second, c.To * Second, c.Caller)), 10 * Second, static request => request.Model);

    private static StubVisit Visit(TimeSpan from, TimeSpan? to, string model)
    {
        var visit = new StubVisit(
            new StubRequest
            {
                Index = 0,
                AttemptId = "",
                Authorization = "",
                Path = "",
                Body = "",
                HeaderNames = [],
                Model = model,
                Messages = [],
                Options = new(),
            },
            from);
        if (to is { } end)
            visit.End(end);
        return visit;
    }
}
