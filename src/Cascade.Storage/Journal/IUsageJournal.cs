using System.Collections.Immutable;

namespace Cascade.Storage.Journal;

/// <summary>
/// The durable record of every provider call, one append-only stream per lease. An intent is durable before its call starts, so a
/// crash leaves at worst an intent without an end.
/// </summary>
/// <remarks>
/// Sealing is the fence that makes a lease safe to reclaim: after <see cref="SealAsync"/> returns, no append to that stream can succeed,
/// whatever clock or network the holder has, so what was read is all there will ever be. Entries are numbered per stream, so one that is
/// missing or was put in by somebody else is found on reading. A stream has one writing process. An entry whose outcome is unknown is
/// written before any later one of its stream; appending the same entry again joins it. Implementations are thread-safe.
/// </remarks>
public interface IUsageJournal
{
    /// <summary>Creates the stream of a lease. Called before the lease is durable; opening an open stream does nothing.</summary>
    /// <param name="key">Names the stream.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task OpenAsync(JournalKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Appends an entry. Completes when the entry is durable; entries of concurrent callers share one round trip. What one process appends to a
    /// stream gets there in that order: an entry of unknown outcome gets there before every later one, or none of these does.
    /// </summary>
    /// <param name="key">Names the stream.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Cancels the wait, not the append: the outcome is then unknown.</param>
    /// <returns>Whether the entry was taken.</returns>
    ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, CancellationToken cancellationToken);

    /// <summary>Appends an entry that may be in no haste. A journal that does not tell haste apart sends it at once.</summary>
    /// <param name="key">Names the stream.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="haste">How soon to send it.</param>
    /// <param name="cancellationToken">Cancels the wait, not the append: the outcome is then unknown.</param>
    /// <returns>Whether the entry was taken.</returns>
    ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken) =>
        AppendAsync(key, entry, cancellationToken);

    /// <summary>
    /// Appends one entry to several streams: a call that is paid from several leases. All pushes go out together, so they share a commit;
    /// each stream stands for itself, so one may be fenced while another takes the entry.
    /// </summary>
    /// <param name="keys">Names the streams, each once.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="haste">How soon to send it.</param>
    /// <param name="cancellationToken">Cancels the wait, not the append: the outcome is then unknown.</param>
    /// <returns>Whether each stream took the entry, in the order of the keys. When the outcome of any is unknown, that is thrown instead.</returns>
    ValueTask<ImmutableArray<AppendStatus>> AppendAsync(
        ImmutableArray<JournalKey> keys, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken);

    /// <summary>Closes the stream for good and reads it to its end. Sealing again gives the same contents.</summary>
    /// <param name="key">Names the stream.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Every entry, in order; empty when the stream was never opened or its retention has passed.</returns>
    Task<JournalContents> SealAsync(JournalKey key, CancellationToken cancellationToken);

    /// <summary>Says that the contents of a sealed stream are booked; the stream is kept for the retention time, then dropped.</summary>
    /// <param name="key">Names the stream.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task ArchiveAsync(JournalKey key, CancellationToken cancellationToken);
}
