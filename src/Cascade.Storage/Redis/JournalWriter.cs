using System.Threading.Channels;

using Cascade.Storage.Journal;

using Microsoft.Extensions.Logging;

using StackExchange.Redis;

namespace Cascade.Storage.Redis;

/// <summary>
/// Gathers the appends that arrive while a round trip is in flight into the next one. One round trip at a time keeps the order of each
/// stream the order of arrival, with no lock around the server.
/// </summary>
internal sealed partial class JournalWriter : IAsyncDisposable
{
    private readonly IDatabaseAsync _database;
    private readonly StorageConfig _config;
    private readonly ILogger _logger;
    private readonly Channel<PendingAppend> _queue;
    private readonly Task _loop;
    private volatile bool _closed;

    internal JournalWriter(IDatabaseAsync database, StorageConfig config, ILogger logger)
    {
        _database = database;
        _config = config;
        _logger = logger;
        _queue = Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(config.JournalQueueLimit) { SingleReader = true });
        // The first caller may be a grain, and its scheduler must not own the loop.
        _loop = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        _queue.Writer.TryComplete();
        await _loop;
    }

    internal Task<AppendStatus> EnqueueAsync(JournalKey key, string line)
    {
        var append = new PendingAppend(key, line);
        if (_queue.Writer.TryWrite(append))
            return append.Completion;
        ObjectDisposedException.ThrowIf(_closed, this);
        throw new JournalQueueFullException(key, _config.JournalQueueLimit);
    }

    private async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
            await SendAsync(TakeBatch());
    }

    private List<PendingAppend> TakeBatch()
    {
        var batch = new List<PendingAppend>();
        while (batch.Count < _config.JournalBatchLimit && _queue.Reader.TryRead(out var append))
            batch.Add(append);
        return batch;
    }

    private Task SendAsync(List<PendingAppend> batch) =>
        Task.WhenAll(batch.GroupBy(append => append.Key).Select(stream => PushAsync(stream.Key, [.. stream])));

    private async Task PushAsync(JournalKey key, PendingAppend[] appends)
    {
        try
        {
            var lines = Array.ConvertAll(appends, append => append.Line);
            var length = await _database.ListRightPushAsync(JournalKeys.Of(_config.ServiceId, key).Open, lines, When.Exists);
            var status = length == 0 ? AppendStatus.Fenced : AppendStatus.Appended;
            foreach (var append in appends)
                append.Complete(status);
        }
        catch (Exception cause)
        {
            LogAppendsUnknown(_logger, key, appends.Length, cause);
            foreach (var append in appends)
                append.Fail(new JournalUnavailableException(key, "append", cause));
        }
    }
}
