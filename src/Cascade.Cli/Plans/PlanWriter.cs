using System.Globalization;
using Cascade.Planning.Frontier;
using Cascade.Planning.Plans;
using Spectre.Console;

namespace Cascade.Cli.Plans;

/// <summary>Writes plans and their differences for a person.</summary>
internal static class PlanWriter
{
    public static void Write(IAnsiConsole terminal, PlanDocument plan, ServedPoint? served)
    {
        terminal.MarkupLineInterpolated($"[bold]{plan.Name}[/]: {plan.Strategy}");
        terminal.MarkupLineInterpolated(
            $"[grey]{plan.Data.FitRows} queries to fit on, {plan.Data.ChooseRows} to choose on, {plan.Data.ReportRows} to report on; {plan.Data.Salt}; fitted {plan.FittedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}[/]");
        terminal.Write(Models(plan));
        terminal.Write(Points(plan));
        WriteSwitches(terminal, plan);
        WriteServed(terminal, plan, served);
    }

    public static void WriteServed(IAnsiConsole terminal, PlanDocument plan, ServedPoint? served)
    {
        if (served is null)
        {
            return;
        }

        var fit = served.Fit switch
        {
            FrontierFit.Infeasible => "the limit cannot be met; nearest is ",
            FrontierFit.Slack => "met with room to spare: ",
            _ => "",
        };
        var mix = served.Lower == served.Upper
            ? $"point {served.Lower + 1}"
            : $"point {served.Upper + 1} for {Numbers.Percent(served.UpperShare, 1)} of the requests, point {served.Lower + 1} for the rest";
        terminal.MarkupLineInterpolated(
            $"Served: {fit}{mix}; planned cost {Cost(plan, served.CostUsd)} a request at quality {Numbers.Quality(served.Quality)}, λ = {Numbers.Price(served.QualityPerUsd)}.");
    }

    public static void Write(IAnsiConsole terminal, PlanDocument before, PlanComparison comparison)
    {
        if (comparison.Same)
        {
            terminal.WriteLine("The plans decide alike.");
            return;
        }

        foreach (var change in comparison.Changes)
        {
            terminal.MarkupLineInterpolated($"  {change}");
        }

        var table = Columns(new Table().Border(TableBorder.Rounded).Title("planned"), "budget", "quality before", "after", "change", "cost before", "after ");
        foreach (var row in comparison.Expected)
        {
            table.AddRow(
                Cost(before, row.BudgetUsd), Numbers.Quality(row.QualityBefore), Numbers.Quality(row.QualityAfter),
                Numbers.Signed(row.QualityAfter - row.QualityBefore, 3), Cost(before, row.CostBeforeUsd), Cost(before, row.CostAfterUsd));
        }

        terminal.Write(table);
    }

    private static Table Models(PlanDocument plan)
    {
        var table = Columns(new Table().Border(TableBorder.Rounded).AddColumn("model"), "quality", "cost a request");
        foreach (var model in plan.Models)
        {
            table.AddRow(Markup.Escape(model.Name), Numbers.Quality(model.Quality), Cost(plan, model.CostUsd));
        }

        return table;
    }

    private static Table Points(PlanDocument plan)
    {
        string[] names = [.. plan.Models.Select(m => m.Name)];
        var frontier = PlanServing.Frontier(plan);
        var table = Columns(new Table().Border(TableBorder.Rounded).AddColumn(new TableColumn("").RightAligned()).AddColumn("operating point"), "λ from", "to", "cost", "quality, 95%", "further");
        for (var i = 0; i < plan.Points.Length; i++)
        {
            var point = plan.Points[i];
            var (cost, quality) = plan.Report is { } report ? (report.Points[i].CostUsd, report.Points[i].Quality) : (point.CostUsd, point.Quality);
            var (from, to) = PlanServing.PricesOf(frontier, i);
            table.AddRow(
                Numbers.Count(i + 1),
                Markup.Escape(PolicyText.Of(point.Policy, names, point.Price)),
                Numbers.Price(from),
                Numbers.Price(to),
                Cost(plan, cost.Mean),
                $"{Numbers.Quality(quality.Mean)} ({Numbers.Quality(quality.Low)}–{Numbers.Quality(quality.High)})",
                Numbers.Percent(plan.Report?.Points[i].EscalationRate ?? point.EscalationRate));
        }

        return table;
    }

    private static void WriteSwitches(IAnsiConsole terminal, PlanDocument plan)
    {
        string[] names = [.. plan.Models.Select(m => m.Name)];
        foreach (var change in plan.Switches)
        {
            terminal.MarkupLineInterpolated($"  switching point at {Cost(plan, change.CostUsd)}: {Chain(change.Before)} ⇒ {Chain(change.After)}");
        }

        string Chain(IEnumerable<int> models) => string.Join(" → ", models.Select(m => names[m]));
    }

    private static Table Columns(Table table, params string[] headings)
    {
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        return table;
    }

    private static string Cost(PlanDocument plan, double cost) => Numbers.Cost(cost, PlanMaking.CostsAreDollars(plan));
}
