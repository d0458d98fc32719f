namespace Cascade.Grains.State;

/// <summary>Waits with a limit.</summary>
internal static class TimedWait
{
    /// <summary>Waits until a task has ended, whichever way, or the time is up.</summary>
    /// <remarks>
    /// Unlike <see cref="Task.WaitAsync(TimeSpan, TimeProvider)"/> it goes on where it was called, even when the task's continuations run
    /// elsewhere, so a simulation keeps the order of things; and a limit that is reached is no exception.
    /// </remarks>
    /// <param name="task">What is waited for.</param>
    /// <param name="limit">The longest to wait.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Whether the task has ended.</returns>
    public static async Task<bool> EndsWithinAsync(this Task task, TimeSpan limit, TimeProvider time)
    {
        if (task.IsCompleted)
        {
            return true;
        }

        var first = new TaskCompletionSource();
        task.GetAwaiter().OnCompleted(first.SetFirst);
        await using var timer = time.CreateTimer(static state => ((TaskCompletionSource)state!).SetFirst(), first, limit, Timeout.InfiniteTimeSpan);
        await first.Task;
        return task.IsCompleted;
    }

    private static void SetFirst(this TaskCompletionSource source) => source.TrySetResult();
}
