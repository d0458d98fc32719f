using Cascade.Budgets;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Budgets;

/// <summary>Checks the checkers: a ledger with a planted bug must not get past the auditor, nor damaged entries past the replay.</summary>
public sealed class LedgerMutationTests
{
    private static readonly Gen<LedgerMove[]> LongHistory = Gen.Const(0).SelectMany(_ => LedgerMove.History.Where(h => h.Length > 12));

    [Fact]
    public void Auditor_FenceSkipped_IsCaught() => Assert.True(IsCaught((state, command, now) => Ledger.Apply(
        state,
        command is ReportUsage report && state.Leases.TryGetValue(report.Totals.LeaseId, out var lease)
            ? report with { Totals = report.Totals with { Epoch = lease.Epoch } }
            : command,
        now)));

    [Fact]
    public void Auditor_ReportAppliedTwice_IsCaught() => Assert.True(IsCaught((state, command, now) =>
    {
        var outcome = Ledger.Apply(state, command, now);
        if (command is not ReportUsage report || ReferenceEquals(state, outcome.Next) || outcome.Next.Settled == state.Settled)
        {
            return outcome;
        }

        var news = outcome.Next.Settled - state.Settled;
        var again = report with { OperationId = $"{report.OperationId}-again", Totals = report.Totals with { Settled = report.Totals.Settled + news } };
        return outcome with { Next = Ledger.Apply(outcome.Next, again, now).Next };
    }));

    [Fact]
    public void Auditor_SettleDropped_IsCaught() => Assert.True(IsCaught((state, command, now) => Ledger.Apply(
        state,
        command is ReportUsage report && state.Leases.TryGetValue(report.Totals.LeaseId, out var lease)
            ? report with { Totals = report.Totals with { Settled = lease.Settled } }
            : command,
        now)));

    [Fact]
    public void Auditor_ExposureForgotten_IsCaught() => Assert.True(IsCaught((state, command, now) =>
        Ledger.Apply(state, command is CloseLease close ? close with { Clean = true } : command, now)));

    [Fact]
    public void Auditor_FloorEaten_IsCaught() => Assert.True(IsCaught((state, command, now) => Ledger.Apply(
        state, command is SetCaps caps ? caps with { Caps = [.. caps.Caps.Select(c => c with { Floors = [] })] } : command, now)));

    [Fact]
    public void Replay_EntryDroppedDoubledOrAltered_IsDetected()
    {
        var missed = new List<string>();
        var tried = 0;
        LongHistory.Sample(
            history =>
            {
                var script = new LedgerScript();
                Assert.Null(script.Run(history));
                foreach (var (what, entries) in Damaged(script.Entries))
                {
                    tried++;
                    if (LedgerComparer.Compare(script.State, LedgerReplay.Of(entries)).IsEmpty)
                    {
                        missed.Add(what);
                    }
                }
            },
            iter: 30,
            threads: 1);
        Assert.True(tried > 300, $"only {tried} damages were tried");
        Assert.Empty(missed);
    }

    private static bool IsCaught(Func<LedgerState, LedgerCommand, DateTimeOffset, LedgerOutcome> faulty)
    {
        var caught = false;
        LedgerMove.History.Sample(
            history => { caught = caught || new LedgerScript(faulty).Run(history) is not null; },
            iter: 200,
            threads: 1);
        return caught;
    }

    private static IEnumerable<(string What, IEnumerable<LedgerEntry> Entries)> Damaged(IReadOnlyList<LedgerEntry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            var before = entries.Take(i);
            var after = entries.Skip(i + 1);
            if (entry.Kind is not (LedgerEntryKind.Booked or LedgerEntryKind.Reconciled or LedgerEntryKind.Resolved or LedgerEntryKind.Folded
                or LedgerEntryKind.Overran or LedgerEntryKind.LeaseOpened or LedgerEntryKind.Dropped))
            {
                continue;
            }

            // A lease whose grant was damaged shows for as long as it is open.
            var isOpen = entry.Kind != LedgerEntryKind.LeaseOpened || after.All(e => e.LeaseId != entry.LeaseId || e.Kind != LedgerEntryKind.LeaseClosed);
            yield return ($"dropped {entry}", before.Concat(after));
            yield return ($"doubled {entry}", before.Append(entry).Append(entry).Concat(after));
            if (entry.Kind != LedgerEntryKind.Dropped && isOpen)
            {
                yield return ($"altered {entry}", before.Append(entry with { Amount = entry.Amount + new Money(1) }).Concat(after));
            }
        }
    }
}
