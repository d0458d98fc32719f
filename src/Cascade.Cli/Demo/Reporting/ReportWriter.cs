using System.Globalization;
using Spectre.Console;

namespace Cascade.Cli.Demo.Reporting;

/// <summary>Writes a report for a person, within 80 columns: one column per tenant.</summary>
internal static class ReportWriter
{
    private static readonly string[] Legend =
    [
        "by the cheap model: answers that stayed with it, the rest was escalated",
        "all strong: what the strong model alone costs for the same answers",
        "shadow price: right answers a further dollar must promise to be spent",
    ];

    public static void Write(IAnsiConsole terminal, DemoReport report, Uri address)
    {
        terminal.WriteLine();
        var colour = report.Source switch { DemoSource.Synthetic => "yellow", DemoSource.Live => "red", _ => "green" };
        terminal.MarkupLine($"[bold {colour}]{Markup.Escape(report.Label)}.[/]");
        terminal.MarkupLineInterpolated($"[grey]cheap: {report.CheapModel}, judged by {report.JudgeModel}; strong: {report.StrongModel}[/]");
        terminal.Write(Table(report));
        foreach (var line in Legend)
        {
            terminal.MarkupLine($"  [grey]{line}[/]");
        }

        terminal.WriteLine();
        foreach (var finding in report.Findings)
        {
            terminal.Write(new Padder(new Text(finding)).Padding(2, 0, 0, 0));
        }

        if (report.Contradictions.Count > 0)
        {
            terminal.WriteLine();
        }

        foreach (var contradiction in report.Contradictions)
        {
            terminal.MarkupLineInterpolated($"[bold red]CONTRADICTION[/] {contradiction}");
        }

        terminal.WriteLine();
        terminal.MarkupLineInterpolated(
            CultureInfo.InvariantCulture, $"[grey]{report.Tenants.Sum(tenant => tenant.Requests)} requests in {report.Seconds:0.0} s. Look further:[/]");
        terminal.MarkupLineInterpolated($"  {address}v1/budget  [grey]an account as it is now, by its key[/]");
        terminal.MarkupLineInterpolated($"  {address}metrics    [grey]everything that is counted[/]");
    }

    private static Table Table(DemoReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn(new TableColumn("[bold]tenant[/]"));
        foreach (var tenant in report.Tenants)
        {
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(tenant.Name)}[/]").RightAligned());
        }

        var decimals = Math.Min(5, Usd.Decimals(report.Tenants.SelectMany(tenant => (long[])[tenant.CostNanos, tenant.CapNanos])));
        void Row(string name, Func<TenantReport, string> cell) => table.AddRow([new Markup(name), .. report.Tenants.Select(tenant => new Markup(cell(tenant)))]);
        string Amount(long nanos) => Usd.Show(nanos, decimals);

        Row("requests", tenant => Count(tenant.Requests));
        Row("answered", tenant => Count(tenant.Answered));
        Row("  right", tenant => $"{Count(tenant.Right)}  {Percent(tenant.RightShare)}");
        Row("  by the cheap model", tenant => $"{Count(tenant.KeptOnCheap)}  {Percent(tenant.KeptShare)}");
        Row("refused (402)", tenant => tenant.Refused == 0 ? "0" : $"[yellow]{Count(tenant.Refused)}[/]");
        if (report.Tenants.Any(tenant => tenant.Failed > 0))
        {
            Row("failed", tenant => tenant.Failed == 0 ? "0" : $"[red]{Count(tenant.Failed)}[/]");
        }

        table.AddEmptyRow();
        Row("cost", tenant => Amount(tenant.CostNanos));
        Row(report.AllStrongIsEstimated ? "all strong (est.)" : "all strong", tenant => Amount(tenant.AllStrongNanos));
        Row("cap", tenant => Amount(tenant.CapNanos));
        Row("spend", tenant => $"{Amount(tenant.SpendNanos)}  {Percent(tenant.SpentShare)}");
        Row("shadow price", tenant => Price(tenant.ShadowPrice));
        Row("  highest", tenant => Price(tenant.HighestShadowPrice));
        return table;
    }

    private static string Price(double price) => price.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Percent(double? share) => share is { } value
        ? (100 * value).ToString("0.0", CultureInfo.InvariantCulture).PadLeft(5) + "%"
        : "     -";
}
