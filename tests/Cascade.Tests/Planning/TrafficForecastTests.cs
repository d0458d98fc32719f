using Cascade.Planning.Pacing;
using Xunit;

namespace Cascade.Tests.Planning;

public sealed class TrafficForecastTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TrafficForecast Forecast = new(TrafficForecast.DefaultMemory, TrafficForecast.DefaultMinExposure);

    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    [InlineData(600)]
    public void RatePerSecond_SteadyTraffic_IsRightFromTheStart(int minutes)
    {
        var state = Forecast.Observe(default, 0, Start);
        for (var i = 1; i <= minutes; i++)
        {
            state = Forecast.Observe(state, 120, Start.AddMinutes(i));
        }

        Assert.InRange(Forecast.RatePerSecond(state), 2, 2.02);
        Assert.InRange(Forecast.Remaining(state, TimeSpan.FromHours(1)), 7_200, 7_272);
    }

    [Fact]
    public void RatePerSecond_TrafficStops_Fades()
    {
        var busy = Forecast.Observe(Forecast.Observe(default, 0, Start), 3_600, Start.AddHours(1));
        var later = Forecast.Observe(busy, 0, Start.AddHours(4));
        Assert.InRange(Forecast.RatePerSecond(later), 0.001, Forecast.RatePerSecond(busy) / 10);
    }

    [Fact]
    public void RatePerSecond_FirstInstant_IsBoundedByTheLeastExposure()
    {
        var state = Forecast.Observe(default, 1, Start);
        Assert.Equal(1.0 / 60, Forecast.RatePerSecond(state), 12);
    }

    [Fact]
    public void Remaining_NothingSeenOrWindowOver_IsOne()
    {
        Assert.Equal(1, Forecast.Remaining(default, TimeSpan.FromDays(1)));
        var state = Forecast.Observe(default, 100, Start);
        Assert.Equal(1, Forecast.Remaining(state, TimeSpan.FromSeconds(-5)));
    }

    [Fact]
    public void Observe_ClockStepsBack_CountsTheRequestsAndKeepsTheTime()
    {
        var state = Forecast.Observe(Forecast.Observe(default, 1, Start), 1, Start.AddMinutes(-5));
        Assert.Equal(new TrafficState(2, 0, Start), state);
    }

    [Fact]
    public void Create_SpansOutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrafficForecast(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrafficForecast(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Forecast.Observe(default, -1, Start));
    }
}
