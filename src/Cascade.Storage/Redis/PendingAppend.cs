using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;

using Cascade.Storage.Journal;

namespace Cascade.Storage.Redis;

/// <summary>An entry on its way to the server and the caller that waits for it. Used again once its caller has the outcome.</summary>
internal sealed class PendingAppend : IValueTaskSource<AppendStatus>
{
    private const int MaxSpare = 4_096;

    private static readonly ConcurrentQueue<PendingAppend> Spare = new();

    // Callers resume on their own scheduler: a grain must not run inside the writer loop, nor hold it up.
    private ManualResetValueTaskSourceCore<AppendStatus> _done = new() { RunContinuationsAsynchronously = true };

    private PendingAppend()
    {
    }

    internal JournalEntry Entry { get; private set; } = null!;

    internal ValueTask<AppendStatus> Completion => new(this, _done.Version);

    internal static PendingAppend Of(JournalEntry entry)
    {
        if (!Spare.TryDequeue(out var append))
            append = new PendingAppend();
        append.Entry = entry;
        return append;
    }

    public AppendStatus GetResult(short token)
    {
        try
        {
            return _done.GetResult(token);
        }
        finally
        {
            _done.Reset();
            Entry = null!;
            if (Spare.Count < MaxSpare)
                Spare.Enqueue(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _done.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _done.OnCompleted(continuation, state, token, flags);

    internal void Complete(AppendStatus status) => _done.SetResult(status);

    internal void Fail(Exception fault) => _done.SetException(fault);
}
