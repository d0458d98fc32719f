using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;
using Xunit;

namespace Cascade.Integration.Tests.Cluster;

/// <summary>A silo and a gateway, each in a process of its own, on one redis-server.</summary>
public sealed class RolesFixture : IAsyncLifetime
{
    internal ServerAccount Rich { get; } = new("acme", 1_000_000 * StubProvider.CostNanos);

    internal ServerAccount Poor { get; } = new("poor", 1_000) { Window = "day" };

    internal ClusterHarness Cluster { get; private set; } = null!;

    internal ServerProcess Silo { get; private set; } = null!;

    internal ServerProcess Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Cluster = await ClusterHarness.CreateAsync(TestContext.Current.CancellationToken, Rich, Poor);
        Silo = await Cluster.StartAsync(TestContext.Current.CancellationToken, "silo");
        Gateway = await Cluster.StartAsync(TestContext.Current.CancellationToken, "gateway");
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
