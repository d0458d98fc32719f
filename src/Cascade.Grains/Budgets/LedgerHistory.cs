using Cascade.Budgets;
using Cascade.Storage.Ledger;

namespace Cascade.Grains.Budgets;

/// <summary>
/// All entries of an account up to a stored state: those of the log, then those that the state still holds. Both may hold the same ones,
/// because the state drops what was sent with its next write.
/// </summary>
/// <param name="record">The stored state.</param>
internal sealed class LedgerHistory(LedgerRecord record)
{
    private readonly List<string> _problems = [];

    /// <summary>The number of the entry that comes next.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>The number of the state's latest entry.</summary>
    public long Last => record.FirstEntry + record.Entries.Length - 1;

    /// <summary>What cannot be: entries that are missing, differ or cannot be read.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Leaves out the entries before a number, which then must not be asked for.</summary>
    public void StartAt(long number) => Next = Math.Max(Next, number);

    /// <summary>Takes the next entry of the log.</summary>
    /// <returns>What it says; null when it cannot be read.</returns>
    public LedgerEntry? Take(LogEntry logged)
    {
        if (logged.Sequence != Next)
        {
            throw new ArgumentException($"entry {logged.Sequence} came in the place of {Next}", nameof(logged));
        }

        if (Next >= record.FirstEntry && Next <= Last && record.Entries[(int)(Next - record.FirstEntry)] != logged.Text)
        {
            _problems.Add($"entry {Next} of the log is another one than that of the state");
        }

        return Read(logged.Text);
    }

    /// <summary>Takes the entries that the log does not have yet. Called when the log has ended or has reached <see cref="Last"/>.</summary>
    public IEnumerable<LedgerEntry> TakeRest()
    {
        if (Next < record.FirstEntry)
        {
            _problems.Add($"entries {Next} to {record.FirstEntry - 1} are missing from the log");
            Next = record.FirstEntry;
        }

        while (Next <= Last)
        {
            if (Read(record.Entries[(int)(Next - record.FirstEntry)]) is { } entry)
            {
                yield return entry;
            }
        }
    }

    private LedgerEntry? Read(string text)
    {
        try
        {
            return LedgerEntryText.Decode(text);
        }
        catch (FormatException problem)
        {
            _problems.Add($"entry {Next} cannot be read: {problem.Message}");
            return null;
        }
        finally
        {
            Next++;
        }
    }
}
