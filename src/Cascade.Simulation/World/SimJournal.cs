using System.Collections.Immutable;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.World;

/// <summary>The journal as one silo reaches it.</summary>
internal sealed class SimJournal(JournalStore store, SimSilo silo) : IUsageJournal
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public Task OpenAsync(JournalKey key, CancellationToken cancellationToken) => ExecuteAsync(key, "open", () => store.Open(key));

    public ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, CancellationToken cancellationToken) =>
        new(ExecuteAsync(key, $"{entry.Kind} {entry.AttemptId}", () => store.Append(key, entry)));

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
