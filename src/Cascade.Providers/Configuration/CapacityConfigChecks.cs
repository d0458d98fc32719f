namespace Cascade.Providers;

/// <summary>Checks how an endpoint's capacity, health and repetitions are run.</summary>
internal static class CapacityConfigChecks
{
    private const int LongestGroup = 100;
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    public static IEnumerable<string> Check(EndpointConfig config)
    {
        var (capacity, health, reliability) = (config.Capacity, config.Health, config.Reliability);
        IEnumerable<string?> problems =
        [
            Range("Capacity:RequestsPerMinute", capacity.RequestsPerMinute ?? 1, 1, 10_000_000, "calls"),
            Range("Capacity:TokensPerMinute", capacity.TokensPerMinute ?? 1, 1, 100_000_000_000, "tokens"),
            Range("Capacity:MinInFlight", capacity.MinInFlight, 1, Math.Max(1, config.MaxInFlight), "calls"),
            Range("Capacity:LatencyTolerance", capacity.LatencyTolerance, 1.1, 100, "(a factor)"),
            Range("Health:FailureRatio", health.FailureRatio, 0.01, 1, "(a share)"),
            Range("Health:MinFailures", health.MinFailures, 1, 10_000, "calls"),
            Range("Health:Window", health.Window, Millisecond * 100, TimeSpan.FromMinutes(10)),
            Range("Health:ProbeInterval", health.ProbeInterval, Millisecond * 100, TimeSpan.FromMinutes(10)),
            Range("Reliability:Retries", reliability.Retries, 0, 10, "repetitions"),
            Range("Reliability:RetryShare", reliability.RetryShare, 0.01, 1, "(a share)"),
            Range("Reliability:RetryBackoff", reliability.RetryBackoff, Millisecond, TimeSpan.FromMinutes(1)),
            Range("Reliability:HedgeAfter", reliability.HedgeAfter ?? Millisecond * 10, Millisecond * 10, TimeSpan.FromMinutes(10)),
            Range("Reliability:HedgeQuantile", reliability.HedgeQuantile ?? 0.5, 0.5, 0.999, "(a share)"),
            reliability is { HedgeQuantile: not null, HedgeAfter: null }
                ? "Reliability:HedgeQuantile is set and Reliability:HedgeAfter is not; give HedgeAfter too, which is the least time before a second call."
                : null,
            Range("Reliability:HedgeShare", reliability.HedgeShare, 0.001, 1, "(a share)"),
            reliability.Group.Length > LongestGroup ? $"Reliability:Group has {reliability.Group.Length} characters; use at most {LongestGroup}." : null,
        ];
        return problems.OfType<string>();
    }

    private static string? Range(string key, double value, double least, double most, string unit) => value >= least && value <= most
        ? null
        : FormattableString.Invariant($"{key} is out of range ({value}); give {least} to {most} {unit}.");

    private static string? Range(string key, TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most
        ? null
        : FormattableString.Invariant($"{key} is out of range ({value}); give {least} to {most}.");
}
