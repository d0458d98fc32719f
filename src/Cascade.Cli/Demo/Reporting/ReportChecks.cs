using System.Globalization;
using Cascade.Cli.Demo.Preparing;

namespace Cascade.Cli.Demo.Reporting;

/// <summary>What must hold in every report. A run that breaks one of these ends with an exit code of its own.</summary>
internal static class ReportChecks
{
    /// <summary>Below this the third tenant was refused while it could still pay.</summary>
    public const double LeastSpentShare = 0.95;

    /// <summary>With fewer questions the third cap is small enough for the bound of a single call to be a visible part of it.</summary>
    public const double LeastSpentShareOfFew = 0.8;

    private const int Few = 100;

    public static IEnumerable<string> Contradictions(DemoReport report) =>
        report.Tenants.SelectMany(OfTenant).Concat(OfRunsOut(report)).Concat(report.Source == DemoSource.Live ? OfLive(report) : OfChoice(report));

    private static IEnumerable<string> OfTenant(TenantReport tenant)
    {
        if (tenant.SpendNanos + tenant.UnconfirmedNanos > tenant.CapNanos || tenant.OverrunNanos > 0)
        {
            yield return $"{tenant.Name}: spend {Usd.Exact(tenant.SpendNanos)} and unconfirmed {Usd.Exact(tenant.UnconfirmedNanos)} are above the cap {Usd.Exact(tenant.CapNanos)}";
        }

        if (tenant.CostNanos != tenant.SpendNanos && tenant.Failed == 0)
        {
            yield return $"{tenant.Name}: the responses cost {Usd.Exact(tenant.CostNanos)}, the ledger says {Usd.Exact(tenant.SpendNanos)}";
        }

        foreach (var (code, count) in tenant.Failures)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{tenant.Name}: {count} requests failed with {code}");
        }
    }

    private static IEnumerable<string> OfRunsOut(DemoReport report)
    {
        var tenant = report.Tenant(DemoPlan.RunsOut);
        if (tenant.Refused == 0)
        {
            yield return $"{tenant.Name}: was never refused, although its cap is meant to be too small";
        }
        else if (report.Source != DemoSource.Live && tenant.SpentShare < (report.Questions < Few ? LeastSpentShareOfFew : LeastSpentShare))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{tenant.Name}: was refused with {Usd.Percent(1 - (tenant.SpentShare ?? 0), 1)} of its cap left");
        }
    }

    private static IEnumerable<string> OfChoice(DemoReport report)
    {
        var (rich, tight) = (report.Tenant(DemoPlan.Rich), report.Tenant(DemoPlan.Tight));
        if (rich.Refused > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{rich.Name}: {rich.Refused} requests were refused, although its cap is far away");
        }

        if (!(tight.KeptShare > rich.KeptShare))
        {
            yield return $"{tight.Name}: did not keep more on the cheap model than {rich.Name}";
        }

        if (!(rich.RightShare > report.CheapAloneRightShare))
        {
            yield return $"{rich.Name}: is not more often right than the cheap model alone";
        }
    }

    private static IEnumerable<string> OfLive(DemoReport report)
    {
        var all = report.Tenants.Sum(tenant => tenant.SpendNanos + tenant.UnconfirmedNanos);
        if (all > TenantCaps.LiveLimitNanos)
        {
            yield return $"all tenants together spent {Usd.Exact(all)}, above the limit of {Usd.Exact(TenantCaps.LiveLimitNanos)}";
        }
    }
}
