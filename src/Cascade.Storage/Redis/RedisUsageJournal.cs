using System.Collections.Immutable;

using Cascade.Storage.Journal;

using Microsoft.Extensions.Logging;

using StackExchange.Redis;

namespace Cascade.Storage.Redis;

/// <summary>
/// The usage journal on a Redis-protocol server: one list per lease, appended to only while it is there, renamed away by the seal.
/// </summary>
/// <remarks>
/// What "durable" means is the server's setting: an acknowledged entry of the embedded server and of <c>appendfsync always</c> is on disk;
/// with <c>appendfsync everysec</c> it survives the server's death, but up to a second is lost when the machine dies.
/// </remarks>
public sealed class RedisUsageJournal : IUsageJournal, IAsyncDisposable
{
    private readonly IDatabase _database;
    private readonly IDatabase _reads;
    private readonly StorageConfig _config;
    private readonly JournalWriter _writer;

    /// <summary>Creates the journal on connections that the caller owns.</summary>
    /// <param name="connection">The server.</param>
    /// <param name="reads">The same server by a connection for sealed streams, which are long: no append waits behind one.</param>
    /// <param name="config">Key prefix, limits and retention.</param>
    /// <param name="logger">Told of appends whose outcome is unknown.</param>
    public RedisUsageJournal(
        IConnectionMultiplexer connection, IConnectionMultiplexer reads, StorageConfig config, ILogger<RedisUsageJournal> logger)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(reads);
        ArgumentNullException.ThrowIfNull(config);
        _database = connection.GetDatabase();
        _reads = reads.GetDatabase();
        _config = config;
        _writer = new JournalWriter(_database, config, TimeProvider.System, logger);
    }

    /// <summary>Sends what waits, then stops. Later appends throw <see cref="ObjectDisposedException"/>.</summary>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <inheritdoc />
    /// <remarks>Opening a sealed stream leaves it sealed: its appends are fenced.</remarks>
    /// <exception cref="JournalUnavailableException">The outcome is unknown; opening again is safe.</exception>
    public Task OpenAsync(JournalKey key, CancellationToken cancellationToken) =>
        AskAsync(key, "open", keys => RunAsync(JournalScripts.Open, key, keys), cancellationToken);

    /// <inheritdoc />
    /// <exception cref="JournalUnavailableException">The outcome is unknown: treat the entry as if it were in the stream.</exception>
    /// <exception cref="JournalQueueFullException">Nothing was written.</exception>
    public ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, CancellationToken cancellationToken) =>
        AppendAsync(key, entry, AppendHaste.Now, cancellationToken);

    /// <inheritdoc />
    /// <exception cref="JournalUnavailableException">The outcome is unknown: treat the entry as if it were in the stream.</exception>
    /// <exception cref="JournalQueueFullException">Nothing was written.</exception>
    public ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken)
    {
        // Without a state machine: this is the hottest path of the cluster.
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            AppendGroup.Check(haste);
            JournalLine.Check(entry);
            JournalKeys.Check(key);
            var append = _writer.EnqueueAsync(key, entry, haste);
            return cancellationToken.CanBeCanceled ? new(append.AsTask().WaitAsync(cancellationToken)) : append;
        }
        catch (Exception fault)
        {
            return ValueTask.FromException<AppendStatus>(fault);
        }
    }

    /// <inheritdoc />
    /// <exception cref="JournalUnavailableException">The outcome is unknown: treat the entry as if it were in every stream.</exception>
    /// <exception cref="JournalQueueFullException">Some streams may have taken the entry: treat it as if it were in every stream.</exception>
    public async ValueTask<ImmutableArray<AppendStatus>> AppendAsync(
        ImmutableArray<JournalKey> keys, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        AppendGroup.Check(keys, haste);
        JournalLine.Check(entry);
        foreach (var key in keys)
            JournalKeys.Check(key);
        return await _writer.EnqueueAsync(keys, entry, haste).WaitAsync(cancellationToken);
    }

    /// <inheritdoc />
    /// <exception cref="JournalUnavailableException">The outcome is unknown; sealing again is safe.</exception>
    /// <exception cref="JournalDamagedException">A stored line cannot be read.</exception>
    public async Task<JournalContents> SealAsync(JournalKey key, CancellationToken cancellationToken)
    {
        var length = (long)await AskAsync(key, "seal", keys => RunAsync(JournalScripts.Seal, key, keys), cancellationToken);
        var lines = new StreamLines(key, checked((int)length));
        var read = 0L;
        for (var start = 0L; start < length; start += _config.JournalPageSize)
            read += await ReadPageAsync(key, start, lines, cancellationToken);
        // Only the end of the retention can shorten a sealed list; half of a stream must never pass for the whole.
        if (read != length)
            throw new JournalUnavailableException(key, "read", new InvalidOperationException("the stream was dropped while it was read"));
        return lines.ToContents();
    }

    /// <inheritdoc />
    /// <exception cref="JournalUnavailableException">The outcome is unknown; archiving again is safe.</exception>
    /// <exception cref="InvalidOperationException">The stream is still open: seal and book it first.</exception>
    public async Task ArchiveAsync(JournalKey key, CancellationToken cancellationToken)
    {
        var kept = await AskAsync(key, "archive", keys => _database.KeyExpireAsync(keys.Sealed, _config.JournalRetention), cancellationToken);
        if (!kept && await AskAsync(key, "archive", keys => _database.KeyExistsAsync(keys.Open), cancellationToken))
            throw new InvalidOperationException($"Usage stream {key} is archived before it is sealed.");
    }

    private async Task<int> ReadPageAsync(JournalKey key, long start, StreamLines lines, CancellationToken cancellationToken)
    {
        var stop = start + _config.JournalPageSize - 1;
        var page = await AskAsync(key, "read", keys => _reads.ListRangeAsync(keys.Sealed, start, stop), cancellationToken);
        for (var i = 0; i < page.Length; i++)
            lines.Add(((ReadOnlyMemory<byte>)page[i]).Span, start + i);
        return page.Length;
    }

    private Task<RedisResult> RunAsync(string script, JournalKey key, JournalKeys keys) =>
        _database.ScriptEvaluateAsync(script, [keys.Open, keys.Sealed], [JournalLine.Header(key)]);

    private async Task<T> AskAsync<T>(JournalKey key, string command, Func<JournalKeys, Task<T>> ask, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var keys = JournalKeys.Of(_config.ServiceId, key);
        try
        {
            return await ask(keys).WaitAsync(cancellationToken);
        }
        catch (Exception cause) when (cause is RedisException or TimeoutException or ObjectDisposedException)
        {
            throw new JournalUnavailableException(key, command, cause);
        }
    }
}
