using System.Collections.Immutable;

namespace Cascade.Storage.Ledger;

/// <summary>The append-only entries of every account, numbered per account from 1. Nothing is ever changed or taken out.</summary>
/// <remarks>
/// The log does not know what an entry says. Appending is exactly once because it is checked by number: the same entries sent again add
/// nothing, whatever became of the first try. Implementations are thread-safe.
/// </remarks>
public interface ILedgerLog
{
    /// <summary>Appends entries of one account. Completes when they are durable.</summary>
    /// <param name="account">The account's path.</param>
    /// <param name="first">The number of the first entry.</param>
    /// <param name="entries">One text each, one after another; none may hold a line end.</param>
    /// <param name="cancellationToken">Cancels the wait, not the append.</param>
    /// <returns>What became of them.</returns>
    /// <exception cref="LedgerLogUnavailableException">The outcome is unknown; appending the same again is safe.</exception>
    Task<LogAppendStatus> AppendAsync(string account, long first, ImmutableArray<string> entries, CancellationToken cancellationToken);

    /// <summary>How many entries an account has: the number of the last one.</summary>
    /// <param name="account">The account's path.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<long> CountAsync(string account, CancellationToken cancellationToken);

    /// <summary>Reads entries in order.</summary>
    /// <param name="account">The account's path.</param>
    /// <param name="first">The number of the first entry to read, from 1.</param>
    /// <param name="most">How many to read at most, 1 to <see cref="LedgerLogLimits.MaxPage"/>.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Entries from that number on; fewer than asked for only when the log ends there.</returns>
    /// <exception cref="LedgerLogDamagedException">A stored line cannot be read.</exception>
    Task<ImmutableArray<LogEntry>> ReadAsync(string account, long first, int most, CancellationToken cancellationToken);

    /// <summary>Every account that has entries, each at least once, in no order.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<string> AccountsAsync(CancellationToken cancellationToken);
}

/// <summary>One entry as it was appended.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Text">What it says.</param>
public sealed record LogEntry(long Sequence, string Text);

/// <summary>What became of an append.</summary>
public enum LogAppendStatus
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>The entries are in the log, now or already before.</summary>
    Appended = 1,

    /// <summary>Entries before the first one are missing, so nothing was appended.</summary>
    Gap = 2,

    /// <summary>Another entry has one of the numbers, so nothing was appended: two histories of one account exist.</summary>
    Conflict = 3,
}

/// <summary>What a log takes at once.</summary>
public static class LedgerLogLimits
{
    /// <summary>Entries of one append.</summary>
    public const int MaxBatch = 4_096;

    /// <summary>Entries of one read.</summary>
    public const int MaxPage = 65_536;

    /// <summary>Characters of one entry.</summary>
    public const int MaxText = 16_384;
}
