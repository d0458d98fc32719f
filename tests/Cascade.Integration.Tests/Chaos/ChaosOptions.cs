using System.Globalization;

namespace Cascade.Integration.Tests.Chaos;

/// <summary>How long and how hard a cluster is shaken. The environment lengthens the run for a record; the defaults suit a gate.</summary>
internal sealed record ChaosOptions
{
    /// <summary>How long callers ask: <c>CASCADE_CHAOS_SECONDS</c>, 30 by default.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(Number("CASCADE_CHAOS_SECONDS", 30));

    /// <summary>Time between two kills of a server.</summary>
    public TimeSpan KillEvery { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How often the redis-server is killed and started again, evenly over the run.</summary>
    public int RedisRestarts { get; init; } = 2;

    /// <summary>Callers, shared out evenly among the accounts.</summary>
    public int Callers { get; init; } = 64;

    /// <summary>
    /// Within this time of every kill somebody must be served again: <c>CASCADE_CHAOS_SERVED_SECONDS</c>. The goal is 10 and a quiet machine
    /// needs 4; a gate shares its cores with others, so it allows 15.
    /// </summary>
    public TimeSpan ServedAgainWithin { get; init; } = TimeSpan.FromSeconds(Number("CASCADE_CHAOS_SERVED_SECONDS", 15));

    /// <summary>How long a lease lives without its holder.</summary>
    public TimeSpan LeaseLifetime { get; init; } = TimeSpan.FromSeconds(8);

    private static int Number(string variable, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : fallback;
}
