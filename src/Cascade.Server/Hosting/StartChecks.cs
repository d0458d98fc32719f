using System.Net;
using System.Net.Sockets;
using Cascade.Storage;

namespace Cascade.Server.Hosting;

/// <summary>
/// Looks for what a start needs beside a right configuration: free ports and a storage server. Found here, a fault is one line; found in
/// the middle of a start it is pages of stack traces.
/// </summary>
internal static class StartChecks
{
    public static async Task<IReadOnlyList<string>> FindProblemsAsync(ServerPlan plan)
    {
        var problems = Ports(plan).Select(port => Problem(port.Key, port.Address, port.Port)).Where(problem => problem.Length > 0).ToList();
        if (plan.Config.Storage.Mode == StorageMode.Redis && await StorageProbe.FindProblemAsync(plan.Config.Storage) is { Length: > 0 } noStorage)
        {
            problems.Add(noStorage);
        }

        return problems;
    }

    private static IEnumerable<(string Key, IPAddress Address, int Port)> Ports(ServerPlan plan)
    {
        var http = plan.Config.Http.EffectiveUrls().Select(BindingAddress.Parse).ToList();
        for (var i = 0; i < http.Count; i++)
        {
            if (!http[i].IsUnixPipe)
            {
                yield return ($"Cascade:Http:Urls:{i}", AddressOf(http[i].Host), http[i].Port);
            }
        }

        yield return ("Cascade:Telemetry:MetricsPort", AddressOf(http[0].Host), plan.Config.Telemetry.MetricsPort);
        if (plan.HasSilo)
        {
            var cluster = plan.Config.Cluster;
            var listen = cluster.ListenOnAnyAddress ? IPAddress.Any : IPAddress.Parse(cluster.AdvertisedAddress);
            yield return ("Cascade:Cluster:SiloPort", listen, cluster.SiloPort);
            yield return ("Cascade:Cluster:GatewayPort", listen, cluster.GatewayPort);
        }
    }

    private static IPAddress AddressOf(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address
        : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.Any;

    private static string Problem(string key, IPAddress address, int port)
    {
        if (port == 0)
        {
            return "";
        }

        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return "";
        }
        catch (SocketException cause)
        {
            var why = cause.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "is in use by another process; stop that process, or configure another port",
                SocketError.AddressNotAvailable => "is not an address of this machine; configure one that is",
                SocketError.AccessDenied => "may not be used by this user; configure a port of 1024 or above",
                _ => $"cannot be listened on ({cause.SocketErrorCode}); configure another address or port",
            };
            return $"{key}: {address}:{port} {why}";
        }
    }
}
