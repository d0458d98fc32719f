using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

using Cascade.Storage.Journal;

using Microsoft.Extensions.Logging;

using StackExchange.Redis;

namespace Cascade.Storage.Redis;

/// <summary>
/// Holds the writing end of every stream. Appends that arrive while a round trip of their stream is in flight share its next one; streams
/// do not wait for each other.
/// </summary>
internal sealed partial class JournalWriter : IAsyncDisposable
{
    /// <summary>Ends that are looked at for idleness whenever so many new ones have been made.</summary>
    private const int SweepEvery = 4_096;

    private readonly StorageConfig _config;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<JournalKey, StreamTail> _tails = new();
    private readonly ConcurrentQueue<StreamTail> _later = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _queued;
    private int _unsure;
    private int _created;
    private int _ticking;
    private volatile bool _closed;

    internal JournalWriter(IDatabaseAsync database, StorageConfig config, TimeProvider time, ILogger logger)
    {
        Database = database;
        _config = config;
        _time = time;
        _logger = logger;
        _stop = _stopping.Token;
    }

    internal IDatabaseAsync Database { get; }

    internal int BatchLimit => _config.JournalBatchLimit;

    internal bool Closed => _closed;

    /// <summary>Sends what waits and waits for the answers. Lines whose outcome is unknown already are not tried again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed)
            return;
        _closed = true;
        await _stopping.CancelAsync();
        FlushLater();
        CheckEmpty();
        await _empty.Task;
        _stopping.Dispose();
    }

    /// <summary>Every outcome is awaited; of several faults one is told.</summary>
    internal async Task<ImmutableArray<AppendStatus>> EnqueueAsync(ImmutableArray<JournalKey> keys, JournalEntry entry, AppendHaste haste)
    {
        var appends = new Task<AppendStatus>[keys.Length];
        for (var i = 0; i < appends.Length; i++)
            appends[i] = TryEnqueueAsync(keys[i], entry, haste);
        return ImmutableCollectionsMarshal.AsImmutableArray(await Task.WhenAll(appends));
    }

    internal ValueTask<AppendStatus> EnqueueAsync(JournalKey key, JournalEntry entry, AppendHaste haste)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (Interlocked.Increment(ref _queued) > _config.JournalQueueLimit)
        {
            Resolved(1);
            throw new JournalQueueFullException(key, _config.JournalQueueLimit);
        }

        var append = PendingAppend.Of(entry);
        var completion = append.Completion;
        while (!TailOf(key).TryAdd(append, haste))
        {
            // The end was given up between the look-up and now; a new one takes its place.
        }

        return completion;
    }

    /// <summary>Sends the stream's entries when the batch delay has passed.</summary>
    internal void SendLater(StreamTail tail)
    {
        _later.Enqueue(tail);
        if (Interlocked.Exchange(ref _ticking, 1) == 0)
            _ = Task.Run(TickAsync);
    }

    /// <summary>Waits for the time, for the signal, or for the end of the writer.</summary>
    internal async Task PauseAsync(TimeSpan pause, Task signal)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        await Task.WhenAny(signal, Task.Delay(pause, _time, waiting.Token));
        await waiting.CancelAsync();
    }

    /// <summary>Says that so many lines whose outcome was unknown have found their end.</summary>
    internal void Cleared(int lines)
    {
        if (lines == 0)
            return;
        Interlocked.Add(ref _unsure, -lines);
        Resolved(lines);
    }

    /// <summary>Says that so many appends no longer take up room.</summary>
    internal void Resolved(int count)
    {
        Interlocked.Add(ref _queued, -count);
        CheckEmpty();
    }

    /// <summary>Says that the outcome of appends is unknown: their callers are let go, but the lines that were sent keep their room.</summary>
    internal void Unknown(JournalKey key, int appends, int lines, Exception cause)
    {
        LogAppendsUnknown(_logger, key, appends, cause);
        Interlocked.Add(ref _unsure, lines);
        Resolved(appends - lines);
    }

    private Task<AppendStatus> TryEnqueueAsync(JournalKey key, JournalEntry entry, AppendHaste haste)
    {
        try
        {
            return EnqueueAsync(key, entry, haste).AsTask();
        }
        catch (JournalQueueFullException full)
        {
            return Task.FromException<AppendStatus>(full);
        }
    }

    private async Task TickAsync()
    {
        try
        {
            await Task.Delay(_config.JournalBatchDelay, _time, _stop);
        }
        catch (OperationCanceledException)
        {
            // What was held back is sent at once when the writer stops.
        }

        // A full fence: what is read next must see whoever found the tick still going.
        Interlocked.Exchange(ref _ticking, 0);
        FlushLater();
    }

    private void FlushLater()
    {
        while (_later.TryDequeue(out var tail))
            tail.Flush();
    }

    private StreamTail TailOf(JournalKey key)
    {
        if (_tails.TryGetValue(key, out var tail))
            return tail;
        if (Interlocked.Increment(ref _created) % SweepEvery == 0)
            Sweep();
        return _tails.GetOrAdd(key, static (k, writer) => new StreamTail(k, JournalKeys.Of(writer._config.ServiceId, k).Open, writer), this);
    }

    private void Sweep()
    {
        foreach (var (key, tail) in _tails)
        {
            if (tail.TryRetire())
                _tails.TryRemove(KeyValuePair.Create(key, tail));
        }
    }

    private void CheckEmpty()
    {
        if (_closed && Volatile.Read(ref _queued) <= Volatile.Read(ref _unsure))
            _empty.TrySetResult();
    }
}
