using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Cascade.Storage.Ledger;

/// <summary>
/// A ledger log that keeps nothing beyond the process, for tests only. It gives the same answers as the durable one, and fails on request.
/// </summary>
/// <remarks>Silos of one test cluster must share one instance, as they would share one server.</remarks>
public sealed class InMemoryLedgerLog : ILedgerLog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<string>> _accounts = new(StringComparer.Ordinal);
    private int _failuresToCome;
    private int _lostRepliesToCome;

    /// <summary>The next calls change nothing and throw <see cref="LedgerLogUnavailableException"/>.</summary>
    /// <param name="count">How many calls fail.</param>
    public void FailNext(int count = 1)
    {
        lock (_lock)
            _failuresToCome = count;
    }

    /// <summary>The next calls take effect and throw <see cref="LedgerLogUnavailableException"/> nevertheless.</summary>
    /// <param name="count">How many calls lose their reply.</param>
    public void LoseNextReply(int count = 1)
    {
        lock (_lock)
            _lostRepliesToCome = count;
    }

    /// <inheritdoc />
    public Task<LogAppendStatus> AppendAsync(
        string account, long first, ImmutableArray<string> entries, CancellationToken cancellationToken)
    {
        LogLine.Check(account, first, entries);
        return RunAsync(account, "append", () => Append(account, first, entries), cancellationToken);
    }

    /// <inheritdoc />
    public Task<long> CountAsync(string account, CancellationToken cancellationToken) =>
        RunAsync(account, "count", () => (long)Of(account).Count, cancellationToken);

    /// <inheritdoc />
    public Task<ImmutableArray<LogEntry>> ReadAsync(string account, long first, int most, CancellationToken cancellationToken)
    {
        LogLine.CheckRange(account, first, most);
        return RunAsync(
            account,
            "read",
            () => Of(account).Skip((int)Math.Min(int.MaxValue, first - 1)).Take(most).Select((text, i) => new LogEntry(first + i, text)).ToImmutableArray(),
            cancellationToken);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<string> AccountsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var account in await RunAsync("", "list", () => _accounts.Keys.ToArray(), cancellationToken))
            yield return account;
    }

    private List<string> Of(string account) => _accounts.GetValueOrDefault(account) ?? [];

    private LogAppendStatus Append(string account, long first, ImmutableArray<string> entries)
    {
        var known = Of(account);
        if (first > known.Count + 1)
            return LogAppendStatus.Gap;
        var there = entries.Take((int)(known.Count + 1 - first)).ToArray();
        if (!known.Skip((int)first - 1).Take(there.Length).SequenceEqual(there))
            return LogAppendStatus.Conflict;
        known.AddRange(entries.AsSpan(there.Length..));
        if (known.Count > 0)
            _accounts[account] = known;
        return LogAppendStatus.Appended;
    }

    private Task<T> RunAsync<T>(string account, string command, Func<T> effect, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        lock (_lock)
        {
            if (_failuresToCome > 0)
            {
                _failuresToCome--;
                return Task.FromException<T>(new LedgerLogUnavailableException(account, command));
            }

            var result = effect();
            if (_lostRepliesToCome == 0)
                return Task.FromResult(result);
            _lostRepliesToCome--;
            return Task.FromException<T>(new LedgerLogUnavailableException(account, command));
        }
    }
}
