using System.Collections.Immutable;

using Cascade.Storage.Journal;

using Microsoft.Extensions.Logging;

using StackExchange.Redis;

namespace Cascade.Storage.Redis;

/// <summary>
/// A journal with a connection of its own for what is written, so that reading a long stream or a large state never delays an append, and so
/// that the connection outlives the last append.
/// </summary>
internal sealed class OwnedJournal(
    ConnectionMultiplexer connection, ConnectionMultiplexer reads, StorageConfig config, ILogger<RedisUsageJournal> logger)
    : IUsageJournal, IAsyncDisposable
{
    private readonly RedisUsageJournal _journal = new(connection, reads, config, logger);

    public Task OpenAsync(JournalKey key, CancellationToken cancellationToken) => _journal.OpenAsync(key, cancellationToken);

    public ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, CancellationToken cancellationToken) =>
        _journal.AppendAsync(key, entry, cancellationToken);

    public ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken) =>
        _journal.AppendAsync(key, entry, haste, cancellationToken);

    public ValueTask<ImmutableArray<AppendStatus>> AppendAsync(
        ImmutableArray<JournalKey> keys, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken) =>
        _journal.AppendAsync(keys, entry, haste, cancellationToken);

    public Task<JournalContents> SealAsync(JournalKey key, CancellationToken cancellationToken) => _journal.SealAsync(key, cancellationToken);

    public Task ArchiveAsync(JournalKey key, CancellationToken cancellationToken) => _journal.ArchiveAsync(key, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        await connection.DisposeAsync();
    }
}
