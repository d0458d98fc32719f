using Cascade.Grains.Model;
using Cascade.Providers;

namespace Cascade.Grains.Configuration;

/// <summary>Turns what is configured of an endpoint's capacity, health and repetitions into models.</summary>
internal static class CapacityReader
{
    public static CapacityModel Capacity(EndpointConfig config) => new()
    {
        RequestsPerMinute = config.Capacity.RequestsPerMinute,
        TokensPerMinute = config.Capacity.TokensPerMinute,
        Adaptive = config.Capacity.Adaptive,
        MinInFlight = config.Capacity.MinInFlight,
        LatencyTolerance = config.Capacity.LatencyTolerance,
        ExpectedTokens = Math.Max(1, config.ExpectedInputTokens + config.ExpectedOutputTokens),
    };

    public static HealthModel? Health(HealthConfig config) => config.Enabled
        ? new HealthModel
        {
            FailureRatio = config.FailureRatio,
            MinFailures = config.MinFailures,
            Window = config.Window,
            ProbeInterval = config.ProbeInterval,
        }
        : null;

    public static ReliabilityModel Reliability(ReliabilityConfig config) => new()
    {
        Retries = config.Retries,
        RetryUnconfirmed = config.RetryUnconfirmed,
        RetryShare = config.RetryShare,
        RetryBackoff = config.RetryBackoff,
        HedgeAfter = config.HedgeAfter,
        HedgeQuantile = config.HedgeQuantile,
        HedgeShare = config.HedgeShare,
        Group = config.Group,
    };
}
