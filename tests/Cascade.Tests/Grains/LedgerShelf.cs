using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Cascade.Budgets;
using Cascade.Grains.Budgets;
using Cascade.Storage;
using Cascade.Storage.Ledger;
using Xunit;

namespace Cascade.Tests.Grains;

/// <summary>Stored ledgers in memory, which a test can damage.</summary>
internal sealed class LedgerShelf : IStoredStates
{
    private readonly Dictionary<string, LedgerRecord> _records = new(StringComparer.Ordinal);

    public InMemoryLedgerLog Log { get; } = new();

    public LedgerBooks Books => new(Log, this);

    /// <summary>Documents in the place of records.</summary>
    public Dictionary<string, string> Documents { get; } = new(StringComparer.Ordinal);

    /// <summary>Stores a ledger; the log has all but the latest entries, which the record has, and a few that both have.</summary>
    public async Task PutAsync(string budget, LedgerState state, IReadOnlyList<LedgerEntry> entries, int onTheirWay = 0)
    {
        var texts = entries.Select(LedgerEntryText.Encode).ToImmutableArray();
        var logged = Math.Max(0, texts.Length - onTheirWay);
        if (logged > 0)
        {
            await Log.AppendAsync(budget, 1, texts[..logged], TestContext.Current.CancellationToken);
        }

        var first = Math.Max(0, logged - 2);
        _records[budget] = state.ToRecord(new PacerRecord()) with { FirstEntry = first + 1, Entries = texts[first..] };
    }

    public void Change(string budget, Func<LedgerRecord, LedgerRecord> change) => _records[budget] = change(_records[budget]);

    public void Remove(string budget) => _records.Remove(budget);

    public async IAsyncEnumerable<string> KeysAsync(string grainType, string state, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var key in _records.Keys.Concat(Documents.Keys))
        {
            yield return key;
        }
    }

    public Task<BinaryData?> ReadAsync(string grainType, string key, string state, CancellationToken cancellationToken)
    {
        Assert.Equal(("cascade.budget", "ledger"), (grainType, state));
        return Task.FromResult(
            Documents.TryGetValue(key, out var document) ? new BinaryData(document)
            : _records.TryGetValue(key, out var record) ? new StateSerializer().Serialize(record)
            : null);
    }
}
