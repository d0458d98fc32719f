using System.Collections.Immutable;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.World;

/// <summary>Appends to several streams as if each were alone, so that one may be fenced or silent while another takes the entry.</summary>
internal static class AppendToSeveral
{
    public static async ValueTask<ImmutableArray<AppendStatus>> AppendEachAsync(
        this IUsageJournal journal, ImmutableArray<JournalKey> keys, JournalEntry entry, CancellationToken cancellationToken) =>
        [.. await Task.WhenAll(keys.Select(key => journal.AppendAsync(key, entry, cancellationToken).AsTask()))];
}
