using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Cascade.Server.Hosting;

/// <summary>Says where the process really listens, because a configured port may be 0.</summary>
internal sealed partial class StartAnnouncement(
    IServer server,
    IHostApplicationLifetime lifetime,
    ServerPlan plan,
    ILogger<StartAnnouncement> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Announce);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Announce()
    {
        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            LogListening(plan.Role, plan.Config.Storage.Mode, address);
        }
    }

    [LoggerMessage(EventId = 510, Level = LogLevel.Information, Message = "cascade {Role} with {Storage} storage is listening on {Address}")]
    private partial void LogListening(ServerRole role, Storage.StorageMode storage, string address);
}
