using Cascade.Client;
using Cascade.Contracts;
using Cascade.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cascade.Cli.Ledgers;

/// <summary>A client of the cluster itself, for what only an operator may do and the HTTP API therefore does not offer.</summary>
internal sealed class ClusterLink : IBudgetWriter, IAsyncDisposable
{
    private const int MaxTries = 3;
    private readonly IHost _host;

    private ClusterLink(IHost host) => _host = host;

    public static async Task<ClusterLink> OpenAsync(StorageConfig config, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddCascadeClient(client => client.AddCascadeClustering(config));
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
            return new ClusterLink(host);
        }
        catch (Exception unreachable) when (unreachable is not OperationCanceledException)
        {
            host.Dispose();
            throw new CliException(
                ExitCodes.Unavailable,
                $"--redis: no silo of cluster '{config.ClusterId}' takes connections ({unreachable.Message}); start one, or correct --service-id and --cluster-id",
                unreachable);
        }
    }

    public async Task<BudgetStatus> ReconcileAsync(string budget, Reconciliation reconciliation, CancellationToken cancellationToken)
    {
        var grain = _host.Services.GetRequiredService<IClusterClient>().GetGrain<ITenantBudgetGrain>(budget);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await grain.ReconcileAsync(reconciliation, cancellationToken);
            }
            catch (Exception fault) when (fault is TimeoutException or OrleansException && attempt < MaxTries)
            {
                // The outcome is unknown, and the operation id makes the repetition harmless.
            }
            catch (Exception fault) when (fault is TimeoutException or OrleansException or CascadeException)
            {
                throw new CliException(
                    ExitCodes.Unavailable, $"budget '{budget}' did not take the cost of '{reconciliation.AttemptId}': {fault.Message}; run the same again", fault);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
