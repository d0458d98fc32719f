using Cascade.TestKit.Providers;

namespace Cascade.Cluster.Tests.Hostile;

/// <summary>A provider that turns everybody away.</summary>
/// <param name="Name">The name of the endpoint and of its model.</param>
/// <param name="RetryAfter">What it says in <c>Retry-After</c>; null when it says nothing.</param>
internal sealed record Storm(string Name, string? RetryAfter)
{
    public const string Account = "stormy";

    /// <summary>Most calls in flight, of both silos together.</summary>
    public const int MaxInFlight = 4;

    public static Storm Silent { get; } = new("storm/silent", null);

    public static Storm Telling { get; } = new("storm/telling", "600");

    public static IReadOnlyList<Storm> All { get; } = [Silent, Telling];

    /// <summary>What a storm answers; null when the request is not in one.</summary>
    public static StubFault? FaultOf(StubRequest request) => All.FirstOrDefault(storm => storm.Name == request.Model) is { } storm
        ? new StubFault.Status(429) { Headers = storm.RetryAfter is { } wait ? new Dictionary<string, string> { ["Retry-After"] = wait } : [] }
        : null;
}
