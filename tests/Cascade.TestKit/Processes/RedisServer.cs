using System.Globalization;

namespace Cascade.TestKit.Processes;

/// <summary>A real redis-server on 127.0.0.1, which can be killed and started again on the same port and files.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly string _appendFsync;
    private ChildProcess _process;

    private RedisServer(int port, string appendFsync)
    {
        Port = port;
        _appendFsync = appendFsync;
        _process = Launch();
    }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>Where clients reach it.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Starts a server with an append-only file of its own and waits until it takes connections.</summary>
    /// <param name="appendFsync">When the file is synced: <c>always</c>, <c>everysec</c> or <c>no</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">redis-server is not installed.</exception>
    public static async Task<RedisServer> StartAsync(string appendFsync = "everysec", CancellationToken cancellationToken = default)
    {
        var server = new RedisServer(FreePort.Next(), appendFsync);
        try
        {
            await server.WaitUntilReadyAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the server at once, as a crash would.</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => _process.KillAsync(cancellationToken);

    /// <summary>Starts the server again on the same port and files, ending it first if it runs.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await _process.DisposeAsync();
        _process = Launch();
        await WaitUntilReadyAsync(cancellationToken);
    }

    /// <summary>Freezes the server (SIGSTOP): connections stay open and nothing is answered.</summary>
    public void Freeze() => _process.Signal("STOP");

    /// <summary>Lets a frozen server go on.</summary>
    public void Thaw() => _process.Signal("CONT");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Dispose();
    }

    private static string Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "redis-server"))
        .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            "redis-server is not on PATH. Install it: apt-get install -y --no-install-recommends redis-server");

    private ChildProcess Launch() => ChildProcess.Start(
        Find(),
        [
            "--bind", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--dir", _directory.Path,
            "--appendonly", "yes", "--appendfsync", _appendFsync, "--save", "", "--daemonize", "no",
        ]);

    private Task<string> WaitUntilReadyAsync(CancellationToken cancellationToken) =>
        _process.WaitForLineAsync(line => line.Contains("Ready to accept connections", StringComparison.Ordinal), cancellationToken);
}
