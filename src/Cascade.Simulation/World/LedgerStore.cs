using Cascade.Grains.Budgets;
using Cascade.Simulation.Auditing;
using Cascade.Simulation.Core;

namespace Cascade.Simulation.World;

/// <summary>How the next command to a store ends.</summary>
internal enum StoreFault
{
    None = 0,

    /// <summary>It has no effect, and the caller hears of a failure.</summary>
    Before = 1,

    /// <summary>It has its effect, and the caller hears of a failure.</summary>
    After = 2,

    /// <summary>It has its effect long after the caller has heard of a failure.</summary>
    Late = 3,
}

/// <summary>The durable records of the accounts, written only by who knows the version that is there.</summary>
internal sealed class LedgerStore(SimLoop loop, SimTrace trace, Coverage coverage, Auditor auditor)
{
    private readonly Dictionary<string, (LedgerRecord Record, int Version)> _records = new(StringComparer.Ordinal);
    private readonly Queue<StoreFault> _faults = new();

    public bool IsAway { get; set; }

    public LedgerRecord RecordOf(string account) => _records.TryGetValue(account, out var stored) ? stored.Record : new LedgerRecord();

    public void FailNext(StoreFault fault, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _faults.Enqueue(fault);
        }
    }

    public void ClearFaults() => _faults.Clear();

    public void Read(SimSilo silo, string account, Action<LedgerRecord?, int> answer)
    {
        var away = IsAway || silo.CutFromStorage;
        loop.After(away ? Silence() : Latency(), () =>
        {
            var (record, version) = _records.TryGetValue(account, out var stored) ? stored : (new LedgerRecord(), 0);
            silo.Context.Post(() => answer(away ? null : record, version));
        });
    }

    /// <param name="silo">Who writes.</param>
    /// <param name="account">The account.</param>
    /// <param name="record">The new record.</param>
    /// <param name="known">The version that the writer knows.</param>
    /// <param name="answer">Told the new version, 0 when there is another than the known one, or null when the outcome is unknown.</param>
    public void Write(SimSilo silo, string account, LedgerRecord record, int known, Action<int?> answer)
    {
        var fault = _faults.TryDequeue(out var planned) ? planned : StoreFault.None;
        if (IsAway || silo.CutFromStorage)
        {
            fault = StoreFault.Before;
        }

        silo.Writes++;
        loop.After(Latency(), () =>
        {
            int? outcome = fault == StoreFault.Before ? null : Apply(account, record, known);
            if (fault != StoreFault.None)
            {
                coverage.Note(fault == StoreFault.Before ? Seen.StorageFailedBefore : Seen.StorageFailedAfter);
                coverage.Note(outcome > 0 ? Seen.UnknownWriteHappened : Seen.UnknownWriteDidNotHappen);
                outcome = null;
            }

            trace.Note(loop.Now, "write", account, fault.ToString(), outcome ?? -1);
            loop.After(fault == StoreFault.None ? Latency() : Silence(), () =>
            {
                silo.Writes--;
                silo.Context.Post(() => answer(outcome));
            });
        });
    }

    private int Apply(string account, LedgerRecord record, int known)
    {
        var version = _records.TryGetValue(account, out var stored) ? stored.Version : 0;
        if (version != known)
        {
            coverage.Note(Seen.WriteRaceLost);
            return 0;
        }

        _records[account] = (record, version + 1);
        auditor.Stored(account, record);
        return version + 1;
    }

    /// <summary>How long it takes to see that there is no answer.</summary>
    private TimeSpan Silence() => loop.Random.Milliseconds(200, 3_000);

    private TimeSpan Latency() => loop.Random.Milliseconds(1, 6);
}
