using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Storage.Ledger;

namespace Cascade.Grains.Budgets;

/// <summary>Works out every balance of an account anew from its entries and names what differs from its stored state.</summary>
internal static class LedgerVerification
{
    /// <summary>Entries of one read of the log.</summary>
    public const int Page = 4_096;

    /// <summary>Compares a state with the entries up to it. Entries of later states are left alone.</summary>
    /// <param name="account">The account.</param>
    /// <param name="record">The stored state.</param>
    /// <param name="log">Where the entries are.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Each difference; empty when all agree.</returns>
    public static async Task<ImmutableArray<string>> RunAsync(
        string account, LedgerRecord record, ILedgerLog log, CancellationToken cancellationToken)
    {
        var (history, replay) = (new LedgerHistory(record), new LedgerReplay());
        await foreach (var (_, entry) in ReadAsync(account, history, log, cancellationToken))
        {
            replay.Take(entry);
        }

        return [.. history.Problems, .. LedgerComparer.Compare(record.ToState(), replay)];
    }

    /// <summary>Reads all entries of a history that can be read, each with its number.</summary>
    public static async IAsyncEnumerable<(long Number, LedgerEntry Entry)> ReadAsync(
        string account,
        LedgerHistory history,
        ILedgerLog log,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (history.Next <= history.Last)
        {
            var page = await log.ReadAsync(account, history.Next, (int)Math.Min(Page, history.Last - history.Next + 1), cancellationToken);
            foreach (var logged in page)
            {
                if (history.Take(logged) is { } entry)
                {
                    yield return (logged.Sequence, entry);
                }
            }

            if (page.Length < Page)
            {
                break;
            }
        }

        foreach (var entry in history.TakeRest())
        {
            yield return (history.Next - 1, entry);
        }
    }
}
