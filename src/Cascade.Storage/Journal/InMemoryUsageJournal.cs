using System.Collections.Immutable;

namespace Cascade.Storage.Journal;

/// <summary>
/// A journal that keeps nothing beyond the process, for tests only. It gives the same answers as the durable ones, and fails on request.
/// </summary>
/// <remarks>Silos of one test cluster must share one instance, as they would share one server.</remarks>
public sealed class InMemoryUsageJournal : IUsageJournal
{
    private readonly Lock _lock = new();
    private readonly Dictionary<JournalKey, Stream> _streams = [];
    private readonly TimeProvider? _clock;
    private readonly TimeSpan _retention;
    private int _failuresToCome;
    private int _lostRepliesToCome;

    /// <summary>Creates a journal that keeps archived streams for ever.</summary>
    public InMemoryUsageJournal()
    {
    }

    /// <summary>Creates a journal that drops archived streams.</summary>
    /// <param name="clock">Tells when the retention has passed.</param>
    /// <param name="retention">How long an archived stream is kept.</param>
    public InMemoryUsageJournal(TimeProvider clock, TimeSpan retention)
    {
        _clock = clock;
        _retention = retention;
    }

    /// <summary>Called before each append takes effect; a test can hold the append here or throw.</summary>
    public Func<JournalKey, JournalEntry, CancellationToken, Task>? BeforeAppend { get; set; }

    /// <summary>The next calls change nothing and throw <see cref="JournalUnavailableException"/>.</summary>
    /// <param name="count">How many calls fail.</param>
    public void FailNext(int count = 1)
    {
        lock (_lock)
            _failuresToCome = count;
    }

    /// <summary>The next calls take effect and throw <see cref="JournalUnavailableException"/> nevertheless.</summary>
    /// <param name="count">How many calls lose their reply.</param>
    public void LoseNextReply(int count = 1)
    {
        lock (_lock)
            _lostRepliesToCome = count;
    }

    /// <inheritdoc />
    public Task OpenAsync(JournalKey key, CancellationToken cancellationToken)
    {
        return RunAsync(key, "open", () => _streams.TryAdd(key, new Stream()), cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        JournalLine.Check(entry);
        if (BeforeAppend is { } hook)
            await hook(key, entry, cancellationToken);
        return await RunAsync(key, "append", () =>
        {
            if (Find(key) is not { Sealed: false } stream)
                return AppendStatus.Fenced;
            stream.Entries.Add(entry);
            return AppendStatus.Appended;
        }, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask<ImmutableArray<AppendStatus>> AppendAsync(
        ImmutableArray<JournalKey> keys, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken)
    {
        AppendGroup.Check(keys, haste);
        var statuses = ImmutableArray.CreateBuilder<AppendStatus>(keys.Length);
        foreach (var key in keys)
            statuses.Add(await AppendAsync(key, entry, cancellationToken));
        return statuses.MoveToImmutable();
    }

    /// <inheritdoc />
    public Task<JournalContents> SealAsync(JournalKey key, CancellationToken cancellationToken)
    {
        return RunAsync(key, "seal", () =>
        {
            var stream = Find(key);
            if (stream is null)
                _streams[key] = stream = new Stream();
            stream.Sealed = true;
            return new JournalContents(stream.Entries.ToImmutable());
        }, cancellationToken);
    }

    /// <inheritdoc />
    public Task ArchiveAsync(JournalKey key, CancellationToken cancellationToken)
    {
        return RunAsync(key, "archive", () =>
        {
            var stream = Find(key);
            if (stream is { Sealed: false })
                throw new InvalidOperationException($"Usage stream {key} is archived before it is sealed.");
            if (stream is not null && _clock is not null)
                stream.DropAt = _clock.GetUtcNow() + _retention;
            return true;
        }, cancellationToken);
    }

    private Stream? Find(JournalKey key)
    {
        if (!_streams.TryGetValue(key, out var stream) || stream.DropAt > _clock?.GetUtcNow() || stream.DropAt is null)
            return stream;
        _streams.Remove(key);
        return null;
    }

    private Task<T> RunAsync<T>(JournalKey key, string command, Func<T> effect, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        try
        {
            return Task.FromResult(Run(key, command, effect));
        }
        catch (Exception fault)
        {
            return Task.FromException<T>(fault);
        }
    }

    private T Run<T>(JournalKey key, string command, Func<T> effect)
    {
        lock (_lock)
        {
            if (_failuresToCome > 0)
            {
                _failuresToCome--;
                throw new JournalUnavailableException(key, command);
            }

            var result = effect();
            if (_lostRepliesToCome == 0)
                return result;
            _lostRepliesToCome--;
            throw new JournalUnavailableException(key, command);
        }
    }

    private sealed class Stream
    {
        internal ImmutableArray<JournalEntry>.Builder Entries { get; } = ImmutableArray.CreateBuilder<JournalEntry>();

        internal bool Sealed { get; set; }

        internal DateTimeOffset? DropAt { get; set; }
    }
}
