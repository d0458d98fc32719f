using System.Collections.Immutable;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.World;

/// <summary>Tells the auditor what an agent was promised to be durable.</summary>
internal sealed class WatchedJournal(IUsageJournal journal, SimWorld world) : IUsageJournal
{
    public Task OpenAsync(JournalKey key, CancellationToken cancellationToken) => journal.OpenAsync(key, cancellationToken);

    public ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, CancellationToken cancellationToken) =>
        AppendAsync(key, entry, AppendHaste.Now, cancellationToken);

    public async ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken)
    {
        var status = await journal.AppendAsync(key, entry, haste, cancellationToken);
        if (status == AppendStatus.Appended && entry.Kind != JournalEntryKind.Intent)
        {
            world.Auditor.EndPromised(key.Account, entry.AttemptId, entry.Kind);
        }

        return status;
    }

    public ValueTask<ImmutableArray<AppendStatus>> AppendAsync(
        ImmutableArray<JournalKey> keys, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken) =>
        this.AppendEachAsync(keys, entry, cancellationToken);

    public Task<JournalContents> SealAsync(JournalKey key, CancellationToken cancellationToken) => journal.SealAsync(key, cancellationToken);

    public Task ArchiveAsync(JournalKey key, CancellationToken cancellationToken) => journal.ArchiveAsync(key, cancellationToken);
}
