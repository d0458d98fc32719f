using System.Globalization;

namespace Cascade.Cli.Demo.Reporting;

/// <summary>Says what a run showed. Every number and every direction is computed from the report.</summary>
internal static class ReportFindings
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    public static IEnumerable<string> Of(DemoReport report)
    {
        var (rich, tight, runsOut) = (report.Tenant(DemoPlan.Rich), report.Tenant(DemoPlan.Tight), report.Tenant(DemoPlan.RunsOut));
        if (rich is { RightShare: { } right, CostShare: { } cost })
        {
            var asked = report.AllStrongIsEstimated ? "an estimated " : "";
            yield return string.Create(Plain, $"rich got {Usd.Percent(right, 1)} of its answers right{Compared(report, right)}, for {asked}{Usd.Percent(cost)} of what the strong model alone costs.");
        }

        if (rich is { RightShare: { } richRight, KeptShare: { } richKept, SpendNanos: > 0 }
            && tight is { RightShare: { } tightRight, KeptShare: { } tightKept })
        {
            yield return string.Create(
                Plain,
                $"tight kept {Usd.Percent(tightKept)} on the cheap model where rich kept {Usd.Percent(richKept)}: right answers {Points(tightRight - richRight)}, for "
                + $"{Usd.Percent(tight.SpendNanos / (double)rich.SpendNanos)} of the money{RefusedToo(tight)}.");
        }

        if (runsOut is { SpentShare: { } spent })
        {
            var above = runsOut.SpendNanos > runsOut.CapNanos ? "MORE than its cap" : "never more than its cap";
            yield return string.Create(
                Plain,
                $"runs-out got {runsOut.Answered} answers, then {runsOut.Refused} typed refusals (HTTP 402, insufficient_quota); it spent {Usd.Percent(spent, 1)} of its cap, {above}.");
        }
    }

    private static string Compared(DemoReport report, double right) =>
        report is { CheapAloneRightShare: { } cheap, StrongAloneRightShare: { } strong }
            ? string.Create(Plain, $" (cheap model alone {Usd.Percent(cheap, 1)}, strong model alone {Usd.Percent(strong, 1)}: {Points(right - cheap)} and {Points(right - strong)})")
            : "";

    private static string RefusedToo(TenantReport tenant) =>
        tenant.Refused == 0 ? ", and nothing was refused" : string.Create(Plain, $", and {tenant.Refused} requests were refused at the end");

    private static string Points(double difference) => string.Create(Plain, $"{100 * difference:+0.0;-0.0;+0.0} points");
}
