using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Cascade.Storage.Ledger;

namespace Cascade.Simulation.World;

/// <summary>
/// The log of all accounts. It answers at once and fails by count, not by chance: so that it takes no draw from the seed, and seeds from
/// before it was there still tell the same story.
/// </summary>
internal sealed class SimLedgerLog : ILedgerLog
{
    private const int FailEvery = 5;
    private const int LoseEvery = 7;
    private readonly Dictionary<string, List<LogEntry>> _entries = new(StringComparer.Ordinal);
    private int _appends;

    public IReadOnlyList<LogEntry> Of(string account) => _entries.TryGetValue(account, out var entries) ? entries : [];

    public Task<LogAppendStatus> AppendAsync(string account, long first, ImmutableArray<string> entries, CancellationToken cancellationToken)
    {
        _appends++;
        if (_appends % FailEvery == 0)
        {
            return Task.FromException<LogAppendStatus>(new LedgerLogUnavailableException(account, "append"));
        }

        var status = Append(account, first, entries);
        return _appends % LoseEvery == 0
            ? Task.FromException<LogAppendStatus>(new LedgerLogUnavailableException(account, "append"))
            : Task.FromResult(status);
    }

    public Task<long> CountAsync(string account, CancellationToken cancellationToken) => Task.FromResult((long)Of(account).Count);

    public Task<ImmutableArray<LogEntry>> ReadAsync(string account, long first, int most, CancellationToken cancellationToken) =>
        Task.FromResult(Of(account).Skip((int)first - 1).Take(most).ToImmutableArray());

    public async IAsyncEnumerable<string> AccountsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var account in _entries.Keys)
        {
            yield return account;
        }
    }

    private LogAppendStatus Append(string account, long first, ImmutableArray<string> entries)
    {
        if (!_entries.TryGetValue(account, out var known))
        {
            _entries[account] = known = [];
        }

        if (first > known.Count + 1)
        {
            return LogAppendStatus.Gap;
        }

        for (var i = 0; i < entries.Length; i++)
        {
            var place = (int)first - 1 + i;
            if (place == known.Count)
            {
                known.Add(new LogEntry(place + 1, entries[i]));
            }
            else if (known[place].Text != entries[i])
            {
                return LogAppendStatus.Conflict;
            }
        }

        return LogAppendStatus.Appended;
    }
}
