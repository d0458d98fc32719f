using Cascade.Budgets;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Budgets;

public sealed class LedgerPropertyTests
{
    [Fact]
    public void Apply_RandomHistories_AgreesWithTheAuditorAtEveryStep() =>
        LedgerMove.History.Sample(
            history =>
            {
                var problem = LedgerScript.FirstProblem(history);
                Assert.True(problem is null, problem);
            },
            iter: 1500,
            threads: 2);

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var seen = new Dictionary<string, int>();
        LedgerMove.History.Sample(
            history =>
            {
                var script = new LedgerScript();
                script.Run(history);
                foreach (var (what, count) in script.Seen)
                {
                    seen[what] = seen.GetValueOrDefault(what) + count;
                }
            },
            iter: 1_000,
            threads: 1);

        string[] expected =
        [
            "SetCaps Ok", "GrantLease Ok", "GrantLease CapReached", "GrantLease HeldByOthers", "ReportUsage Ok", "ReportUsage StaleEpoch",
            "ReportUsage UnknownLease", "CloseLease Ok", "CloseLease UnknownLease", "CloseLease StaleEpoch", "Reconcile Ok",
            "Reconcile InvalidCommand", "SetOverride Ok", "SetOverride InvalidCommand", "EndOverride Ok", "EndOverride InvalidCommand",
            "OperationMismatch", "overrun", "duplicate", "window rolled", "clock behind window", "cap below commitment",
            "reconciled under an open lease", "top-up", "held after close", "stale report", "resolved late", "all modes on one window",
            "exposure held", "exposure of a clean closing", "a floor is kept", "override expired", "over after an override",
            "left a rolling window", "old attempt booked to a rolling window", "Hard Rolling", "Soft Rolling", "Observe Rolling", "Observe Day",
            "Soft Day", "Hard Hour", "Hard Week", "Hard Month", "Hard Total",
            .. Enum.GetValues<LedgerEntryKind>().Where(kind => kind != LedgerEntryKind.None).Select(kind => $"entry {kind}"),
        ];
        Assert.All(expected, what => Assert.True(seen.GetValueOrDefault(what) >= 5, $"'{what}' came {seen.GetValueOrDefault(what)} times"));
    }
}
