namespace Cascade.TestKit.Processes;

/// <summary>What a <see cref="ServerProcess"/> is started with.</summary>
public sealed record ServerSetup
{
    /// <summary>Which parts it carries: <c>all</c>, <c>silo</c> or <c>gateway</c>.</summary>
    public string Role { get; init; } = "all";

    /// <summary>The redis-server it uses; null for the embedded one on files of its own.</summary>
    public string? RedisConnection { get; init; }

    /// <summary>The endpoints.</summary>
    public IReadOnlyList<ServerEndpoint> Endpoints { get; init; } = [];

    /// <summary>The accounts.</summary>
    public IReadOnlyList<ServerAccount> Accounts { get; init; } = [];

    /// <summary>Further settings by their keys below <c>Cascade:</c>; they win.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Variables to set for it, beside those of the test.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
