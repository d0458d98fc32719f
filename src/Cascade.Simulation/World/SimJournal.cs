using System.Collections.Immutable;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.World;

/// <summary>The journal as one silo reaches it.</summary>
internal sealed class SimJournal(JournalStore store, SimSilo silo) : IUsageJournal
{
    private const int LongestDelayMs = 400;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public Task OpenAsync(JournalKey key, CancellationToken cancellationToken) => ExecuteAsync(key, "open", () => store.Open(key));

    public ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, CancellationToken cancellationToken) =>
        AppendAsync(key, entry, AppendHaste.Now, cancellationToken);

    /// <summary>
    /// What is in no haste may be held back long, and be overtaken by other attempts: worse than any real journal. The end of an attempt brings
    /// its intent with it.
    /// </summary>
    public async ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken)
    {
        if (entry.Kind == JournalEntryKind.Intent)
        {
            store.Send(key, entry);
        }

        if (haste == AppendHaste.Batched)
        {
            await Task.Delay(silo.World.Loop.Random.Milliseconds(1, LongestDelayMs), silo.Time, CancellationToken.None);
        }

        return await ExecuteAsync(key, $"{entry.Kind} {entry.AttemptId}", () => store.Append(key, entry));
    }

    public ValueTask<ImmutableArray<AppendStatus>> AppendAsync(
        ImmutableArray<JournalKey> keys, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken) =>
        this.AppendEachAsync(keys, entry, cancellationToken);

    public Task<JournalContents> SealAsync(JournalKey key, CancellationToken cancellationToken) =>
        ExecuteAsync(key, "seal", () => store.Seal(key, fence: true));

    public Task ArchiveAsync(JournalKey key, CancellationToken cancellationToken) => ExecuteAsync(key, "archive", () => true);

    private Task<T> ExecuteAsync<T>(JournalKey key, string command, Func<T> effect)
    {
        var done = new TaskCompletionSource<T>();
        var patience = silo.Time.CreateTimer(
            _ => done.TrySetException(new JournalUnavailableException(key, command)), null, Patience, Timeout.InfiniteTimeSpan);
        store.Execute(silo, key, command, effect, result =>
        {
            patience.Dispose();
            done.TrySetResult(result);
        });
        return done.Task;
    }
}
