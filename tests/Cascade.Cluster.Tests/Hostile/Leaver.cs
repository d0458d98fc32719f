using Cascade.TestKit.Providers;

namespace Cascade.Cluster.Tests.Hostile;

/// <summary>A reader that goes away after the first words, while the provider has more to say.</summary>
/// <param name="Name">The name of the endpoint and of its model.</param>
/// <param name="Mode">How a broken stream is charged.</param>
/// <param name="Drains">Whether the rest is read on unseen.</param>
internal sealed record Leaver(string Name, HostileMode Mode, bool Drains)
{
    public const string Parent = "leaver";

    private readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static IReadOnlyList<Leaver> All { get; } =
    [
        new("leaver/drained", HostileMode.Streamed, Drains: true),
        new("leaver/aborted", HostileMode.Streamed, Drains: false),
        new("leaver/counted", HostileMode.Counted, Drains: false),
    ];

    public string Account => $"{Parent}/{(Drains ? "drained" : "aborted")}-{Mode}";

    /// <summary>Lets the provider say the rest.</summary>
    public void Release() => _rest.TrySetResult();

    /// <summary>What the provider does before each of its deltas.</summary>
    public static Task BeforeDeltaAsync(StubRequest request, int delta, CancellationToken cancellationToken) =>
        delta >= 2 && All.FirstOrDefault(leaver => leaver.Name == request.Model) is { } leaver ? leaver._rest.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
}
