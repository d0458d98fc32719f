using Cascade.Planning.Pacing;
using Xunit;

namespace Cascade.Tests.Planning;

public sealed class TrafficForecastTests
{
    private static readonly DateTimeOffset _start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TrafficForecast _forecast = new(TrafficForecast.DefaultMemory, TrafficForecast.DefaultMinExposure);

    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    [InlineData(600)]
    public void RatePerSecond_SteadyTraffic_IsRightFromTheStart(int minutes)
    {
        var state = _forecast.Observe(default, 0, _start);
        for (var i = 1; i <= minutes; i++)
        {
            state = _forecast.Observe(state, 120, _start.AddMinutes(i));
        }

        Assert.InRange(_forecast.RatePerSecond(state), 2, 2.02);
        Assert.InRange(_forecast.Remaining(state, TimeSpan.FromHours(1)), 7_200, 7_272);
    }

    [Fact]
    public void RatePerSecond_TrafficStops_Fades()
    {
        var busy = _forecast.Observe(_forecast.Observe(default, 0, _start), 3_600, _start.AddHours(1));
        var later = _forecast.Observe(busy, 0, _start.AddHours(4));
        Assert.InRange(_forecast.RatePerSecond(later), 0.001, _forecast.RatePerSecond(busy) / 10);
    }

    [Fact]
    public void RatePerSecond_FirstInstant_IsBoundedByTheLeastExposure()
    {
        var state = _forecast.Observe(default, 1, _start);
        Assert.Equal(1.0 / 60, _forecast.RatePerSecond(state), 12);
    }

    [Fact]
    public void Remaining_NothingSeenOrWindowOver_IsOne()
    {
        Assert.Equal(1, _forecast.Remaining(default, TimeSpan.FromDays(1)));
        var state = _forecast.Observe(default, 100, _start);
        Assert.Equal(1, _forecast.Remaining(state, TimeSpan.FromSeconds(-5)));
    }

    [Fact]
    public void Observe_ClockStepsBack_CountsTheRequestsAndKeepsTheTime()
    {
        var state = _forecast.Observe(_forecast.Observe(default, 1, _start), 1, _start.AddMinutes(-5));
        Assert.Equal(new TrafficState(2, 0, _start), state);
    }

    [Fact]
    public void Create_SpansOutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrafficForecast(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrafficForecast(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _forecast.Observe(default, -1, _start));
    }
}
