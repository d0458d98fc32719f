using Cascade.Cli.Demo;
using Cascade.Cli.Demo.Reporting;

namespace Cascade.Tests.Cli;

/// <summary>A report in which all is well, to be changed by tests.</summary>
internal static class Reports
{
    public static DemoReport Good(DemoSource source = DemoSource.Replay) => new()
    {
        Source = source,
        Label = DemoSources.Describe(source),
        CheapModel = "replay/llama-3.1-8b",
        JudgeModel = "replay/gemma-2-9b",
        StrongModel = "replay/gpt-4o",
        Questions = 200,
        Seconds = 10.5,
        CheapAloneRightShare = 0.82,
        StrongAloneRightShare = 0.955,
        Tenants =
        [
            Tenant(DemoPlan.Rich, answered: 200, right: 188, kept: 164, spend: 98_200_000, cap: 1_140_000_000),
            Tenant(DemoPlan.Tight, answered: 200, right: 176, kept: 182, spend: 59_900_000, cap: 61_600_000),
            Tenant(DemoPlan.RunsOut, answered: 100, right: 80, kept: 100, spend: 11_900_000, cap: 12_000_000),
        ],
        Findings = [],
        Contradictions = [],
    };

    public static DemoReport With(this DemoReport report, string tenant, Func<TenantReport, TenantReport> change) =>
        report with { Tenants = [.. report.Tenants.Select(each => each.Name == tenant ? change(each) : each)] };

    private static TenantReport Tenant(string name, int answered, int right, int kept, long spend, long cap) => new()
    {
        Name = name,
        Requests = 200,
        Answered = answered,
        Right = right,
        KeptOnCheap = kept,
        Refused = 200 - answered,
        Failed = 0,
        Failures = new Dictionary<string, int>(),
        CostNanos = spend,
        AllStrongNanos = answered * 1_793_500L,
        CapNanos = cap,
        SpendNanos = spend,
        UnconfirmedNanos = 0,
        OverrunNanos = 0,
        ShadowPrice = 12,
        HighestShadowPrice = 1_255,
    };
}
