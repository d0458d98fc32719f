using Cascade.Planning.Frontier;
using Spectre.Console;

namespace Cascade.Cli.Plans;

/// <summary>Writes plans and their differences for a person.</summary>
internal static class PlanWriter
{
    public static void Write(IAnsiConsole terminal, PlanFile plan, ServedPoint? served)
    {
        terminal.MarkupLineInterpolated($"[bold]{plan.Strategy}[/], because {plan.Choice.Why}.");
        terminal.MarkupLineInterpolated(
            $"[grey]fitted on {plan.Data.Name}: {plan.Data.FitRows} queries to fit on, {plan.Data.ChooseRows} to choose on, {plan.Data.ReportRows} to report on; seed {plan.Data.Seed}[/]");
        terminal.Write(Models(plan));
        terminal.Write(Points(plan));
        WriteSwitches(terminal, plan);
        foreach (var remark in plan.Remarks)
        {
            terminal.MarkupLineInterpolated($"  [grey]{remark}[/]");
        }

        WriteServed(terminal, plan, served ?? PlanServing.At(plan, plan.Choice.BudgetUsd, plan.Choice.QualityFloor, null));
    }

    public static void WriteServed(IAnsiConsole terminal, PlanFile plan, ServedPoint? served)
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

    public static void Write(IAnsiConsole terminal, PlanFile before, PlanComparison comparison)
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

    private static Table Models(PlanFile plan)
    {
        var table = Columns(new Table().Border(TableBorder.Rounded).AddColumn("model"), "quality", "cost a request");
        foreach (var model in plan.Models)
        {
            table.AddRow(Markup.Escape(model.Name), Numbers.Quality(model.Quality), Cost(plan, model.CostUsd));
        }

        return table;
    }

    private static Table Points(PlanFile plan)
    {
        string[] names = [.. plan.Models.Select(m => m.Name)];
        var frontier = PlanServing.Frontier(plan);
        var table = Columns(new Table().Border(TableBorder.Rounded).AddColumn(new TableColumn("").RightAligned()).AddColumn("operating point"), "λ from", "to", "cost", "quality, 95%", "further");
        for (var i = 0; i < plan.Points.Length; i++)
        {
            var point = plan.Points[i];
            var (from, to) = PlanServing.PricesOf(frontier, i);
            table.AddRow(
                Numbers.Count(i + 1),
                Markup.Escape(PolicyText.Of(point.Policy, names, point.Price)),
                Numbers.Price(from),
                Numbers.Price(to),
                Cost(plan, point.CostUsd),
                $"{Numbers.Quality(point.Quality)} ({Numbers.Quality(point.QualityInterval.Low)}–{Numbers.Quality(point.QualityInterval.High)})",
                Numbers.Percent(point.EscalationRate));
        }

        return table;
    }

    private static void WriteSwitches(IAnsiConsole terminal, PlanFile plan)
    {
        string[] names = [.. plan.Models.Select(m => m.Name)];
        foreach (var i in PlanServing.Switches(plan))
        {
            terminal.MarkupLineInterpolated(
                $"  switching point at {Cost(plan, plan.Points[i].PlannedCostUsd)}: {PolicyText.Shape(plan.Points[i - 1].Policy, names)} ⇒ {PolicyText.Shape(plan.Points[i].Policy, names)}");
        }
    }

    private static Table Columns(Table table, params string[] headings)
    {
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        return table;
    }

    private static string Cost(PlanFile plan, double cost) => Numbers.Cost(cost, plan.Data.CostsAreDollars);
}
