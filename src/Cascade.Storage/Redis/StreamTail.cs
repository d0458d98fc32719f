using System.Buffers;

using Cascade.Storage.Journal;

using StackExchange.Redis;

namespace Cascade.Storage.Redis;

/// <summary>
/// The writing end of one stream: numbers its entries and sends them in batches, one batch at a time, so that the order of the stream is
/// the order of arrival. Lines whose outcome is unknown go again in front of every later one until an answer comes.
/// </summary>
internal sealed class StreamTail(JournalKey key, RedisKey list, JournalWriter writer) : IThreadPoolWorkItem
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastPause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();

    // Touched by the sender alone, of which there is one at a time.
    private readonly List<UnsureLine> _unsure = [];
    private long _next;
    private TimeSpan _pause = FirstPause;

    private List<PendingAppend> _waiting = [];
    private List<PendingAppend> _batch = [];
    private TaskCompletionSource? _pausing;
    private bool _sending;
    private bool _retired;
    private bool _used;

    /// <summary>Takes an entry; false when this end has been given up and a new one is needed.</summary>
    internal bool TryAdd(PendingAppend append, AppendHaste haste)
    {
        lock (_lock)
        {
            if (_retired)
                return false;
            _used = true;
            _waiting.Add(append);
            if (_sending)
            {
                _pausing?.TrySetResult();
                return true;
            }

            if (haste == AppendHaste.Batched && _waiting.Count < writer.BatchLimit)
            {
                if (_waiting.Count == 1)
                    writer.SendLater(this);
                return true;
            }

            _sending = true;
        }

        // The caller may be a grain, and its scheduler must not own the sending.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Sends what was held back.</summary>
    internal void Flush()
    {
        lock (_lock)
        {
            if (_sending || _waiting.Count == 0)
                return;
            _sending = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Gives this end up if nothing was appended since the last time and nothing is under way.</summary>
    internal bool TryRetire()
    {
        lock (_lock)
        {
            var idle = !_used && !_sending && _waiting.Count == 0;
            _used = false;
            _retired |= idle;
            return idle;
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        while (Take() is { } batch)
        {
            if (batch.Count == 0)
                await PauseAsync();
            else
                await SendAsync(batch);
        }
    }

    /// <returns>What to send next; empty when only lines of unknown outcome are left, null when nothing is.</returns>
    private List<PendingAppend>? Take()
    {
        lock (_lock)
        {
            _batch.Clear();
            if (_waiting.Count == 0 && (_unsure.Count == 0 || writer.Closed))
            {
                _sending = false;
                return null;
            }

            if (_waiting.Count <= writer.BatchLimit)
            {
                (_batch, _waiting) = (_waiting, _batch);
                return _batch;
            }

            _batch.AddRange(_waiting[..writer.BatchLimit]);
            _waiting.RemoveRange(0, writer.BatchLimit);
            return _batch;
        }
    }

    private async Task PauseAsync()
    {
        var pausing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_waiting.Count > 0)
                return;
            _pausing = pausing;
        }

        await writer.PauseAsync(_pause, pausing.Task);
        _pause = _pause * 2 > LastPause ? LastPause : _pause * 2;
        lock (_lock)
        {
            _pausing = null;
            if (_waiting.Count > 0 || writer.Closed)
                return;
        }

        await SendAsync([]);
    }

    private async Task SendAsync(List<PendingAppend> batch)
    {
        var lines = default(BatchLines);
        try
        {
            if (_next == 0 && !await LearnAsync())
            {
                Complete(batch, AppendStatus.Fenced);
                return;
            }

            lines = Encode(batch);
            var length = await writer.Database.ListRightPushAsync(list, lines.Values, When.Exists);
            lines.Release();
            Forget();
            Complete(batch, length == 0 ? AppendStatus.Fenced : AppendStatus.Appended);
        }
        catch (Exception cause)
        {
            // The client may still send the buffer, so it is not used again.
            if (lines.Added is { } added)
                _unsure.AddRange(added);
            writer.Unknown(key, batch.Count, lines.Added?.Count ?? 0, cause);
            Fail(batch, cause);
        }
    }

    /// <summary>Finds out where the stream ends. One that this program cannot go on with is as good as lost.</summary>
    private async Task<bool> LearnAsync()
    {
        var length = writer.Database.ListLengthAsync(list);
        var last = (byte[]?)await writer.Database.ListGetByIndexAsync(list, -1);
        var count = await length;
        if (last is null || !IsWhole(last, count))
            return false;
        _next = count;
        return true;
    }

    private bool IsWhole(byte[] last, long count)
    {
        try
        {
            var reader = new JournalLineReader(key);
            if (count > 1)
                return reader.Read(last, count - 1).Sequence == count - 1;
            reader.CheckHeader(last);
            return true;
        }
        catch (JournalDamagedException)
        {
            // Whoever seals the stream reports what is wrong with it.
            return false;
        }
    }

    private BatchLines Encode(List<PendingAppend> batch)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(batch.Sum(static append => JournalLine.MaxBytes(append.Entry)));
        var added = new List<UnsureLine>(batch.Count);
        var length = 0;
        foreach (var append in batch)
        {
            // Only after a fault is there anything to find.
            if (_unsure.Count > 0 && _unsure.Any(line => line.Entry == append.Entry))
                continue;
            var written = JournalLine.Encode(append.Entry, _next++, buffer.AsSpan(length));
            added.Add(new UnsureLine(append.Entry, buffer.AsMemory(length, written)));
            length += written;
        }

        var values = new RedisValue[_unsure.Count + added.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = i < _unsure.Count ? _unsure[i].Text : added[i - _unsure.Count].Text;
        return new BatchLines(values, added, buffer);
    }

    private void Forget()
    {
        writer.Cleared(_unsure.Count);
        _unsure.Clear();
        _pause = FirstPause;
    }

    private void Complete(List<PendingAppend> batch, AppendStatus status)
    {
        writer.Resolved(batch.Count);
        foreach (var append in batch)
            append.Complete(status);
    }

    private void Fail(List<PendingAppend> batch, Exception cause)
    {
        foreach (var append in batch)
            append.Fail(new JournalUnavailableException(key, "append", cause));
    }

    /// <param name="Entry">What the line says.</param>
    /// <param name="Text">The line.</param>
    private readonly record struct UnsureLine(JournalEntry Entry, ReadOnlyMemory<byte> Text);

    private readonly record struct BatchLines(RedisValue[] Values, List<UnsureLine> Added, byte[] Buffer)
    {
        internal void Release() => ArrayPool<byte>.Shared.Return(Buffer);
    }
}
