using System.Net;
using System.Net.Sockets;
using Cascade.Grains.Configuration;
using Cascade.Grains.Hosting;
using Cascade.Server.Alerts;
using Cascade.Storage;
using Orleans.Configuration;

namespace Cascade.Server.Hosting;

/// <summary>Adds the silo.</summary>
internal static class SiloSetup
{
    private const int MostTries = 100;

    public static void Add(WebApplicationBuilder builder, ServerPlan plan, StorageConfig storage) => builder.Host.UseOrleans(silo =>
    {
        if (storage.Mode == StorageMode.Memory)
        {
            // There is no shared table to find others in, so this silo is the whole cluster.
            silo.UseLocalhostClustering(serviceId: storage.ServiceId, clusterId: storage.ClusterId);
        }

        silo.AddCascadeStorage(storage);
        if (plan.Config.Alerts.WebhookUrl.Length > 0)
        {
            WebhookAlertSink.AddTo(silo.Services, plan.Config.Alerts);
        }

        silo.AddCascade(plan.Model!, options => LimitSettings.Apply(plan.Config.Limits, options));
        silo.Configure<EndpointOptions>(endpoints => Listen(endpoints, plan.Config));
        if (storage.Mode == StorageMode.Memory)
        {
            silo.Services.AddOptions<DevelopmentClusterMembershipOptions>().Configure<Microsoft.Extensions.Options.IOptions<EndpointOptions>>(
                static (membership, endpoints) =>
                    membership.PrimarySiloEndpoint = new IPEndPoint(endpoints.Value.AdvertisedIPAddress!, endpoints.Value.SiloPort));
        }
    });

    private static void Listen(EndpointOptions endpoints, CascadeConfig cascade)
    {
        var config = cascade.Cluster;
        var taken = cascade.Http.EffectiveUrls().Select(static url => BindingAddress.Parse(url).Port).Append(cascade.Telemetry.MetricsPort).ToHashSet();
        var advertised = IPAddress.Parse(config.AdvertisedAddress);
        var listen = config.ListenOnAnyAddress ? IPAddress.Any : advertised;
        endpoints.AdvertisedIPAddress = advertised;
        endpoints.SiloPort = PickPort(config.SiloPort, listen, taken);
        taken.Add(endpoints.SiloPort);
        endpoints.GatewayPort = PickPort(config.GatewayPort, listen, taken);
        endpoints.SiloListeningEndpoint = new IPEndPoint(listen, endpoints.SiloPort);
        endpoints.GatewayListeningEndpoint = new IPEndPoint(listen, endpoints.GatewayPort);
    }

    // The silo must tell its port before it listens, so a free one is found first and may, rarely, be taken by somebody else before. The
    // server's own ports look free too, because it listens on them later.
    private static int PickPort(int configured, IPAddress address, HashSet<int> taken)
    {
        if (configured != 0)
        {
            return configured;
        }

        for (var tries = 0; tries < MostTries; tries++)
        {
            using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(address, 0));
            var port = ((IPEndPoint)probe.LocalEndPoint!).Port;
            if (!taken.Contains(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException("the system offers no free port but those that the server listens on itself; set Cascade:Cluster:SiloPort and GatewayPort");
    }
}
