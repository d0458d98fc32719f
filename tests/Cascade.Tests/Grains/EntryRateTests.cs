using Cascade.Grains.Endpoints;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class EntryRateTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 6, 12, 0, 0, TimeSpan.Zero));
    private readonly EntryRate _rate;

    public EntryRateTests() => _rate = new EntryRate(_time);

    [Fact]
    public void PerSecond_SteadyCalls_IsTheirRate()
    {
        Pass(seconds: 20, perSecond: 3);

        Assert.InRange(_rate.PerSecond, 2.5, 3);
    }

    [Fact]
    public void PerSecond_FirstCallsAfterALull_AreNotSpreadOverTheLull()
    {
        Pass(seconds: 10, perSecond: 3);
        Pass(seconds: 30, perSecond: 0);
        _rate.Count();
        _rate.Count();
        Assert.Equal(0, _rate.PerSecond);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, _rate.PerSecond);
    }

    [Fact]
    public void PerSecond_NothingIsLetInAnyMore_FallsUntilItIsNotKnown()
    {
        Pass(seconds: 10, perSecond: 8);
        Pass(seconds: 4, perSecond: 0);
        Assert.InRange(_rate.PerSecond, 1, 5);

        Pass(seconds: 8, perSecond: 0);
        Assert.Equal(0, _rate.PerSecond);
    }

    private void Pass(int seconds, int perSecond)
    {
        for (var second = 0; second < seconds; second++)
        {
            for (var i = 0; i < perSecond; i++)
            {
                _rate.Count();
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
