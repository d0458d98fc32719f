using Cascade.Storage.Journal;

using StackExchange.Redis;

namespace Cascade.Storage.Redis;

/// <summary>An entry on its way to the server and the caller that waits for it.</summary>
internal sealed class PendingAppend(JournalKey key, RedisValue line)
{
    // Callers resume on their own scheduler: a grain must not run inside the writer loop, nor hold it up.
    private readonly TaskCompletionSource<AppendStatus> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal JournalKey Key { get; } = key;

    internal RedisValue Line { get; } = line;

    internal Task<AppendStatus> Completion => _done.Task;

    internal void Complete(AppendStatus status) => _done.TrySetResult(status);

    internal void Fail(Exception fault) => _done.TrySetException(fault);
}
