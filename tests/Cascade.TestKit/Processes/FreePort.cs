using System.Net;
using System.Net.Sockets;

namespace Cascade.TestKit.Processes;

/// <summary>Finds ports on 127.0.0.1 that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>Gives a port that is free now; the system does not give it out again soon.</summary>
    public static int Next()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
