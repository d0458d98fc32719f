using Cascade.Budgets;
using Cascade.Storage.Ledger;

namespace Cascade.Grains.Budgets;

/// <summary>Finds where to begin reading a log for what was spent since some instant.</summary>
internal static class LedgerSeek
{
    /// <summary>Entries are in the order of the ledger's clock, which may go back by less than this when another silo takes over.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromDays(1);

    /// <param name="log">The log.</param>
    /// <param name="budget">The budget.</param>
    /// <param name="count">How many entries its log has.</param>
    /// <param name="since">The instant. An entry is recorded no earlier than what it tells of.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>A number before which no entry was recorded within a day before the instant, or later; at most one above the count.</returns>
    public static async Task<long> FirstAsync(ILedgerLog log, string budget, long count, DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (since - DateTimeOffset.MinValue <= Slack)
        {
            return 1;
        }

        var (low, high) = (1L, count + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var page = await log.ReadAsync(budget, middle, 1, cancellationToken);
            if (page.IsEmpty || Read(budget, page[0]).RecordedAt >= since - Slack)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private static LedgerEntry Read(string budget, LogEntry logged)
    {
        try
        {
            return LedgerEntryText.Decode(logged.Text);
        }
        catch (FormatException problem)
        {
            throw new InvalidDataException($"entry {logged.Sequence} of '{budget}' cannot be read: {problem.Message}", problem);
        }
    }
}
