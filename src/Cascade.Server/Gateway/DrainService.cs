using Cascade.Grains.Configuration;

namespace Cascade.Server.Gateway;

/// <summary>Keeps serving for a moment after readiness has dropped, so that load balancers notice before connections close.</summary>
internal sealed class DrainService(HttpConfig config, IHostApplicationLifetime lifetime, TimeProvider time) : IHostedLifecycleService
{
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        var drained = config.DrainDelay > TimeSpan.Zero ? Task.Delay(config.DrainDelay, time, cancellationToken) : Task.CompletedTask;

        // The host tells that it is stopping only after this, unless a signal has already; readiness must drop first.
        lifetime.StopApplication();
        return drained;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
