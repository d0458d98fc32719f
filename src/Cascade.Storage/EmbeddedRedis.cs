using System.Globalization;
using System.Net;
using System.Net.Sockets;

using Cascade.Storage.Embedded;

using Garnet;

using Microsoft.Extensions.Logging;

namespace Cascade.Storage;

/// <summary>
/// A Redis-protocol server inside this process, on 127.0.0.1 only, for one machine. A write is on disk before it is acknowledged.
/// </summary>
/// <remarks>
/// Its append-only file is cut by a checkpoint whenever it passes <see cref="StorageConfig.EmbeddedAppendLogMebibytes"/>. A fault inside
/// the server ends the process; for more than one machine run a server of its own and use mode <c>redis</c>.
/// </remarks>
public sealed partial class EmbeddedRedis : IAsyncDisposable
{
    private readonly GarnetServer _server;
    private readonly DirectoryLock _lock;
    private readonly ILogger _logger;
    private bool _stopped;

    private EmbeddedRedis(GarnetServer server, DirectoryLock @lock, int port, ILogger logger)
    {
        _server = server;
        _lock = @lock;
        _logger = logger;
        ConnectionString = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    /// <summary>Where clients reach the server: <c>127.0.0.1:port</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts the server on the files of the data directory and recovers what they hold.</summary>
    /// <param name="config">Data directory, port and sizes.</param>
    /// <param name="loggerFactory">Told of warnings and errors of the server.</param>
    /// <param name="cancellationToken">Cancels before the start; recovery itself is not interrupted.</param>
    /// <returns>The server, ready for connections.</returns>
    /// <exception cref="InvalidOperationException">Another process uses the data directory, or its files cannot be recovered.</exception>
    public static Task<EmbeddedRedis> StartAsync(StorageConfig config, ILoggerFactory loggerFactory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        // Recovery reads whole files synchronously.
        return Task.Run(() => Start(config, loggerFactory), cancellationToken);
    }

    /// <summary>Points a configuration at this server.</summary>
    /// <param name="config">The configuration the server was started with.</param>
    /// <returns>The configuration for silos and clients.</returns>
    public StorageConfig Connect(StorageConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config with { RedisConnection = ConnectionString };
    }

    /// <summary>Stops the server and lets go of the data directory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        await Task.Run(() => _server.Dispose(deleteDir: false));
        _lock.Dispose();
        LogStopped(_logger);
    }

    private static EmbeddedRedis Start(StorageConfig config, ILoggerFactory loggerFactory)
    {
        var logger = loggerFactory.CreateLogger<EmbeddedRedis>();
        var directory = Path.GetFullPath(config.DataDirectory);
        var held = DirectoryLock.Take(directory);
        try
        {
            var port = config.EmbeddedPort == 0 ? FreePort() : config.EmbeddedPort;
            var server = new GarnetServer(EmbeddedSettings.Arguments(config, directory, port), new QuietLoggerFactory(loggerFactory));
            server.Start();
            LogStarted(logger, port, directory);
            return new EmbeddedRedis(server, held, port, logger);
        }
        catch (Exception cause)
        {
            held.Dispose();
            throw new InvalidOperationException(
                $"The embedded server cannot start on DataDirectory '{directory}': {cause.Message}", cause);
        }
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
