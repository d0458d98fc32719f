using Cascade.Client;
using Cascade.Server.Gateway;
using Cascade.Server.Gateway.Endpoints;
using Cascade.Server.Telemetry;
using Cascade.Storage;

namespace Cascade.Server.Hosting;

/// <summary>Puts the parts of a role into one host.</summary>
internal static class ServerHost
{
    public static WebApplication Build(ServerPlan plan, StorageConfig storage)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(plan.Configuration);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        ServerLogging.Configure(builder.Logging);
        builder.Logging.AddConfiguration(plan.Configuration.GetSection("Logging"));
        builder.AddCascadeTelemetry(plan.Config.Telemetry, plan.Role);
        if (plan.HasSilo)
        {
            SiloSetup.Add(builder, plan, storage);
            builder.Services.AddCascadeClientInProcess();
            builder.Services.AddSingleton<IReadinessCheck, SiloReadiness>();
            builder.Services.AddSingleton<IReadinessCheck, StorageReadiness>();
        }
        else
        {
            builder.Services.AddCascadeClient(client => client.AddCascadeClustering(storage));
            builder.Services.AddSingleton<IReadinessCheck, ClusterReadiness>();
        }

        builder.AddCascadeGateway(plan.Config.Http, plan.AccountsByKeyHash, plan.Config.Telemetry.MetricsPort);
        builder.Services.AddHostedService<StartAnnouncement>();
        builder.Services.AddSingleton(plan);
        var app = builder.Build();
        app.UseCascadeMetrics(plan.Config.Telemetry);
        return app.MapCascadeGateway(withApi: plan.HasGateway);
    }
}
