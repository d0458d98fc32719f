using System.Globalization;

namespace Cascade.Integration.Tests.Capacity;

/// <summary>How long limits are pushed against. The environment lengthens a run for a record; the defaults suit a gate.</summary>
internal sealed record CapacityOptions
{
    /// <summary>How long callers ask: <c>CASCADE_CAPACITY_SECONDS</c>, 66 by default. A limit of calls in any minute is only tried by more than a minute.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(Number("CASCADE_CAPACITY_SECONDS", 66));

    /// <summary>How long the provider is away: <c>CASCADE_OUTAGE_SECONDS</c>, 8 by default.</summary>
    public TimeSpan Outage { get; init; } = TimeSpan.FromSeconds(Number("CASCADE_OUTAGE_SECONDS", 8));

    /// <summary>How long the provider is well before the outage and after it.</summary>
    public TimeSpan Health { get; init; } = TimeSpan.FromSeconds(10);

    private static int Number(string variable, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : fallback;
}
