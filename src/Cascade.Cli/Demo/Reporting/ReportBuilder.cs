using Cascade.Cli.Demo.Running;
using Cascade.Cli.Gateway;

namespace Cascade.Cli.Demo.Reporting;

internal static class ReportBuilder
{
    public static DemoReport Build(Workload workload, TimeSpan elapsed, IReadOnlyList<TenantReport> tenants)
    {
        var bare = new DemoReport
        {
            Source = workload.Source,
            Label = DemoSources.Describe(workload.Source),
            CheapModel = workload.Setup.Cheap.Name,
            JudgeModel = workload.Setup.Judge.Name,
            StrongModel = workload.Setup.Strong.Name,
            Questions = workload.Questions.Count,
            Seconds = Math.Round(elapsed.TotalSeconds, 1),
            CheapAloneRightShare = workload.CheapAlone,
            StrongAloneRightShare = workload.StrongAlone,
            Tenants = tenants,
            Findings = [],
            Contradictions = [],
        };
        return bare with { Findings = [.. ReportFindings.Of(bare)], Contradictions = [.. ReportChecks.Contradictions(bare)] };
    }

    public static TenantReport Tenant(TenantTally tally, BudgetView budget)
    {
        var totals = tally.Totals;
        return new TenantReport
        {
            Name = tally.Tenant.Name,
            Requests = totals.Requests,
            Answered = totals.Answered,
            Right = totals.Right,
            KeptOnCheap = totals.Kept,
            Refused = totals.Refused,
            Failed = totals.Failed,
            Failures = totals.Failures,
            CostNanos = totals.CostNanos,
            AllStrongNanos = totals.AllStrongNanos,
            CapNanos = Amount(budget.Windows.First(window => window.Hard).CapUsd),
            SpendNanos = Amount(budget.SettledUsd),
            UnconfirmedNanos = Amount(budget.UnconfirmedUpperUsd),
            OverrunNanos = Amount(budget.OverrunUsd),
            ShadowPrice = budget.ShadowPrice,
            HighestShadowPrice = Math.Max(totals.HighestShadowPrice, budget.ShadowPrice),
        };
    }

    private static long Amount(string usd) => Usd.TryParse(usd, out var nanos)
        ? nanos
        : throw new CliException(ExitCodes.Unavailable, $"the server gave the amount '{usd}', which is no decimal number; are both of one version?");
}
