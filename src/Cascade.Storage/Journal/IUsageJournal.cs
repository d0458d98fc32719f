namespace Cascade.Storage.Journal;

/// <summary>
/// The durable record of every provider call, one append-only stream per lease. An intent is durable before its call starts, so a
/// crash leaves at worst an intent without an end.
/// </summary>
/// <remarks>
/// Sealing is the fence that makes a lease safe to reclaim: after <see cref="SealAsync"/> returns, no append to that stream can succeed,
/// whatever clock or network the holder has, so what was read is all there will ever be. Implementations are thread-safe.
/// </remarks>
public interface IUsageJournal
{
    /// <summary>Creates the stream of a lease. Called before the lease is durable; opening an open stream does nothing.</summary>
    /// <param name="key">Names the stream.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task OpenAsync(JournalKey key, CancellationToken cancellationToken);

    /// <summary>Appends an entry. Completes when the entry is durable; entries of concurrent callers share one round trip.</summary>
    /// <param name="key">Names the stream.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Cancels the wait, not the append: the outcome is then unknown.</param>
    /// <returns>Whether the entry was taken.</returns>
    ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, CancellationToken cancellationToken);

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
