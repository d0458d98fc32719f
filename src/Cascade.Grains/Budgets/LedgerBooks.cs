using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Cascade.Budgets;
using Cascade.Storage;
using Cascade.Storage.Ledger;

namespace Cascade.Grains.Budgets;

/// <summary>
/// The ledgers of all budgets as they are stored: balances, entries, and whether the two agree. It reads past the cluster, which may run or
/// not, and writes nothing. Memory grows with the number of budgets and with one page of entries.
/// </summary>
/// <param name="log">The entries.</param>
/// <param name="states">The balances.</param>
public sealed class LedgerBooks(ILedgerLog log, IStoredStates states)
{
    internal const string GrainType = "cascade.budget";
    internal const string StateName = "ledger";
    private static readonly StateSerializer Serializer = new();

    /// <summary>All budgets of an account and of the accounts below it that have a balance or entries, caps on one endpoint included.</summary>
    /// <param name="account">The account; empty for all.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Their keys in ordinal order.</returns>
    public async Task<ImmutableArray<string>> BudgetsAsync(string account, CancellationToken cancellationToken)
    {
        var budgets = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var key in states.KeysAsync(GrainType, StateName, cancellationToken))
        {
            Add(key);
        }

        await foreach (var key in log.AccountsAsync(cancellationToken))
        {
            Add(key);
        }

        return [.. budgets];

        void Add(string key)
        {
            if (BudgetPaths.IsWithin(key, account))
            {
                budgets.Add(key);
            }
        }
    }

    /// <summary>What is stored of one budget.</summary>
    /// <param name="budget">Its key.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Its balances; null when there are none.</returns>
    /// <exception cref="InvalidDataException">The stored document cannot be read.</exception>
    public async Task<StoredBudget?> FindAsync(string budget, CancellationToken cancellationToken) =>
        await RecordAsync(budget, cancellationToken) is { } record ? StoredBudget.Of(budget, record) : null;

    /// <summary>The entries of one budget in their order, those included that are still on their way to the log.</summary>
    /// <param name="budget">Its key.</param>
    /// <param name="since">Entries that were recorded more than a day before this instant may be left out.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InvalidDataException">An entry is missing or cannot be read.</exception>
    /// <exception cref="LedgerLogDamagedException">A line of the log cannot be read.</exception>
    public async IAsyncEnumerable<NumberedEntry> EntriesAsync(
        string budget, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var count = await log.CountAsync(budget, cancellationToken);
        // A balance without a state has nothing on its way, and all of its log is told.
        var history = new LedgerHistory(await RecordAsync(budget, cancellationToken) ?? new LedgerRecord { FirstEntry = count + 1 });
        history.StartAt(await LedgerSeek.FirstAsync(log, budget, count, since, cancellationToken));
        await foreach (var (number, entry) in LedgerVerification.ReadAsync(budget, history, log, cancellationToken))
        {
            yield return new NumberedEntry(number, entry);
        }

        if (history.Problems.Count > 0)
        {
            throw new InvalidDataException($"the ledger of '{budget}' is not whole: {string.Join("; ", history.Problems)}");
        }
    }

    /// <summary>Works out every balance of a budget anew from its entries and compares with what is stored.</summary>
    /// <param name="budget">Its key.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>What was found.</returns>
    public async Task<LedgerCheck> VerifyAsync(string budget, CancellationToken cancellationToken)
    {
        // In this order: an entry is stored before it is sent, so a state that is read after the log has all of it.
        var count = await log.CountAsync(budget, cancellationToken);
        try
        {
            if (await RecordAsync(budget, cancellationToken) is not { } record)
            {
                return new LedgerCheck(budget, count, [$"has {count} entries and no stored balance"]);
            }

            if (record.FirstEntry == 1 && record.Entries.IsEmpty && count == 0)
            {
                return new LedgerCheck(budget, 0, []) { BeforeEntries = true };
            }

            var last = new LedgerHistory(record).Last;
            ImmutableArray<string> beyond = count > last ? [$"has {count - last} entries in the log that were never stored"] : [];
            return new LedgerCheck(budget, last, [.. beyond, .. await LedgerVerification.RunAsync(budget, record, log, cancellationToken)]);
        }
        catch (Exception damage) when (damage is LedgerLogDamagedException or InvalidDataException)
        {
            return new LedgerCheck(budget, count, [damage.Message]);
        }
    }

    private async Task<LedgerRecord?> RecordAsync(string budget, CancellationToken cancellationToken) =>
        await states.ReadAsync(GrainType, budget, StateName, cancellationToken) is { } document ? Read(budget, document) : null;

    /// <summary>Reads a stored balance.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    internal static LedgerRecord Read(string budget, BinaryData document)
    {
        try
        {
            var record = Serializer.Deserialize<LedgerRecord>(document);
            _ = record.ToState();
            return record;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException($"the stored balance of '{budget}' cannot be read: {unreadable.Message}", unreadable);
        }
    }
}

/// <summary>An entry and its number within its budget, from 1.</summary>
/// <param name="Number">The number.</param>
/// <param name="Entry">What it says.</param>
public sealed record NumberedEntry(long Number, LedgerEntry Entry);

/// <summary>What a check of one budget found.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="Entries">How many entries it has.</param>
/// <param name="Problems">Everything that contradicts; empty when all agrees.</param>
public sealed record LedgerCheck(string Budget, long Entries, ImmutableArray<string> Problems)
{
    /// <summary>Whether its balance is from before entries were kept and has not changed since, so that there is nothing to compare.</summary>
    public bool BeforeEntries { get; init; }
}
