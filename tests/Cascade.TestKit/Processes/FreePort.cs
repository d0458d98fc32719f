using System.Net;
using System.Net.Sockets;

namespace Cascade.TestKit.Processes;

/// <summary>Finds ports on 127.0.0.1 that nobody listens on.</summary>
public static class FreePort
{
    // Below the ports that systems take for outgoing connections, or one of those could have it before it is listened on.
    private const int Lowest = 20_000;
    private const int Count = 12_000;

    // Seeded anew in every process, so that two that run at the same time hardly meet.
    private static int _last = (int)((uint)HashCode.Combine(Environment.ProcessId) % Count);

    /// <summary>Gives a port that is free now, and gives it to nobody else in this process until all others were given out.</summary>
    public static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = Lowest + (int)((uint)Interlocked.Increment(ref _last) % Count);
            if (IsFree(port))
                return port;
        }

        throw new InvalidOperationException($"no port from {Lowest} to {Lowest + Count - 1} is free");
    }

    private static bool IsFree(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
