using Cascade.Storage.Redis;

using Microsoft.Extensions.Logging;

using StackExchange.Redis;

namespace Cascade.Storage.Ledger;

/// <summary>The ledgers of a cluster as they are stored, for a program that is no part of it. Nothing is written.</summary>
public sealed class StoredLedgers : IAsyncDisposable
{
    private readonly EmbeddedRedis? _embedded;
    private readonly ConnectionMultiplexer _connection;

    private StoredLedgers(EmbeddedRedis? embedded, ConnectionMultiplexer connection, StorageConfig config)
    {
        _embedded = embedded;
        _connection = connection;
        Log = new RedisLedgerLog(connection, config);
        States = new RedisStoredStates(connection, config);
    }

    /// <summary>The entries.</summary>
    public ILedgerLog Log { get; }

    /// <summary>The balances.</summary>
    public IStoredStates States { get; }

    /// <summary>Connects to the storage of a cluster; in mode <c>embedded</c> it is started on its files, which nobody else may use then.</summary>
    /// <param name="config">Where the cluster keeps its state.</param>
    /// <param name="loggers">Told of warnings and errors of an embedded server.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The ledgers; dispose them.</returns>
    /// <exception cref="InvalidOperationException">The server does not answer, or the files are in use or cannot be recovered.</exception>
    public static async Task<StoredLedgers> OpenAsync(StorageConfig config, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        var embedded = config.Mode == StorageMode.Embedded ? await EmbeddedRedis.StartAsync(config, loggers, cancellationToken) : null;
        var reached = embedded?.Connect(config) ?? config;
        try
        {
            var options = RedisConnections.Options(reached, "ledger");
            options.AbortOnConnectFail = true;
            return new StoredLedgers(embedded, await ConnectionMultiplexer.ConnectAsync(options), reached);
        }
        catch (RedisException unreachable)
        {
            if (embedded is not null)
                await embedded.DisposeAsync();
            throw new InvalidOperationException($"the server at '{Address(reached)}' does not answer", unreachable);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        if (_embedded is not null)
            await _embedded.DisposeAsync();
    }

    // What follows the address may be a password.
    private static string Address(StorageConfig config) => config.RedisConnection.Split(',')[0];
}
