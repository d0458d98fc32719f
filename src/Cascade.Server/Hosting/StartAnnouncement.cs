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

        foreach (var (name, route) in plan.Model?.Routes.Where(each => each.Value.Plan is not null) ?? [])
        {
            var document = route.Plan!.Policy.Plan;
            LogPlan(name, document.Name, route.Plan.Sha256, document.Points.Length, plan.Config.Routes[name].Plan!.File);
        }
    }

    [LoggerMessage(EventId = 510, Level = LogLevel.Information, Message = "cascade {Role} with {Storage} storage is listening on {Address}")]
    private partial void LogListening(ServerRole role, Storage.StorageMode storage, string address);

    [LoggerMessage(EventId = 511, Level = LogLevel.Information, Message = "route {Route} serves plan {Plan}, SHA-256 {Sha256}, {Points} points, from {File}")]
    private partial void LogPlan(string route, string plan, string sha256, int points, string file);
}
