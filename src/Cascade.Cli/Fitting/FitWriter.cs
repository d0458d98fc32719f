using Cascade.Cli.Outcomes;
using Cascade.Cli.Plans;
using Cascade.Planning.Fitting;
using Cascade.Planning.Plans;
using Spectre.Console;

namespace Cascade.Cli.Fitting;

/// <summary>Writes a fit for a person.</summary>
internal static class FitWriter
{
    public static void Write(IAnsiConsole terminal, LoadedOutcomes outcomes, FitRequest request, FitRun run, PlanDocument plan, string file)
    {
        terminal.MarkupLineInterpolated(
            $"[bold]{outcomes.Name}[/]: {run.Context.Models.Length} models; {run.Outcomes.Fit.RowCount} queries to fit on, {run.Outcomes.Choose.RowCount} to choose on, {run.Outcomes.Report.RowCount} to report on");
        foreach (var note in outcomes.Notes)
        {
            terminal.MarkupLineInterpolated($"[grey]{note}[/]");
        }

        if (run.Outcomes.LeftOut > 0)
        {
            terminal.MarkupLineInterpolated($"[grey]{run.Outcomes.LeftOut} queries without an outcome and a cost of every model are left out[/]");
        }

        terminal.Write(Table(run, plan));
        WriteUnfit(terminal, run);
        terminal.WriteLine();
        terminal.MarkupLineInterpolated($"The plan is [bold]{plan.Strategy}[/]: {PlanMaking.WhyOf(request, run)}.");
        foreach (var remark in run.Of(plan.Strategy).Fitted!.Remarks)
        {
            terminal.MarkupLineInterpolated($"  [grey]{remark}[/]");
        }

        PlanWriter.WriteServed(terminal, plan, PlanServing.At(plan, request.BudgetUsd, request.Floor, null));
        terminal.MarkupLineInterpolated($"Written to {file}; look at it with 'cascade plan show {file}'.");
    }

    private static Table Table(FitRun run, PlanDocument plan)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("strategy");
        foreach (var heading in (string[])["AUC", "Gain", "CR@90", "p", "plan"])
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (var strategy in run.Strategies.Where(s => s.Status == StrategyStatus.Fitted).OrderByDescending(s => s.Report!.Auc))
        {
            var test = run.Auto.Comparisons.FirstOrDefault(c => c.Strategy == strategy.Strategy);
            var isChosen = strategy.Strategy == plan.Strategy;
            table.AddRow(
                isChosen ? $"[bold]{Markup.Escape(strategy.Strategy)}[/]" : Markup.Escape(strategy.Strategy),
                Numbers.Quality(strategy.Report!.Auc),
                Numbers.Quality(strategy.Report.Gain),
                Numbers.Percent(strategy.Report.CostReduction90),
                test is null ? "–" : test.Strategy == run.Auto.Leader ? "leads" : Numbers.PValue(test.PValue),
                isChosen ? "yes" : "");
        }

        return table.Caption("p: of being no worse than the one that leads, on the queries to choose on; all else on those to report on");
    }

    private static void WriteUnfit(IAnsiConsole terminal, FitRun run)
    {
        foreach (var strategy in run.Strategies.Where(s => s.Status != StrategyStatus.Fitted))
        {
            terminal.MarkupLineInterpolated($"  [grey]{strategy.Strategy}: {(strategy.Status == StrategyStatus.Failed ? "failed" : "does not suit")}: {strategy.Reason}[/]");
        }
    }
}
