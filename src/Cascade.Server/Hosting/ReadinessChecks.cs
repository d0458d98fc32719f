using Cascade.Client;
using Cascade.Server.Gateway.Endpoints;

namespace Cascade.Server.Hosting;

/// <summary>The silo of this process is a member of the cluster and takes calls.</summary>
internal sealed class SiloReadiness(ISiloStatusOracle oracle) : IReadinessCheck
{
    public string Name => "silo";

    public Task<string?> CheckAsync(CancellationToken cancellationToken) =>
        Task.FromResult(oracle.CurrentStatus == SiloStatus.Active ? null : $"silo is {oracle.CurrentStatus}");
}

/// <summary>The membership table can be read, and with it the storage that everything else is kept in.</summary>
internal sealed class StorageReadiness(IMembershipTable table) : IReadinessCheck
{
    public string Name => "storage";

    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        await table.ReadAllAsync(cancellationToken);
        return null;
    }
}

/// <summary>Some silo answers.</summary>
internal sealed class ClusterReadiness(ICascadeClient client) : IReadinessCheck
{
    public string Name => "cluster";

    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        await client.ListModelsAsync(cancellationToken);
        return null;
    }
}
