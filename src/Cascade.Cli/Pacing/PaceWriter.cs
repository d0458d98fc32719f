using Cascade.Cli.Charts;
using Cascade.Cli.Html;
using Cascade.Planning.Pacing.Simulation;
using ScottPlot;
using Spectre.Console;

namespace Cascade.Cli.Pacing;

/// <summary>Writes a pacing study for a person, in the terminal and as a page.</summary>
internal static class PaceWriter
{
    private const int RowsOfSeries = 11;

    public static void Write(IAnsiConsole terminal, PaceStudy study)
    {
        terminal.MarkupLineInterpolated($"[bold]{study.Dataset}[/]: {Head(study)}");
        terminal.Write(Results(study).ForTerminal());
        terminal.MarkupLineInterpolated($"[grey]{Results(study).Caption}[/]");
    }

    public static async Task WriteReportAsync(string folder, PaceStudy study, CancellationToken cancellationToken)
    {
        var page = new HtmlPage();
        var title = $"Pacing on {study.Dataset}";
        page.Heading(1, title);
        page.Lead(Head(study));
        page.Table(Results(study));
        foreach (var (chart, numbers) in Charts(study))
        {
            await OutputFiles.WriteAsync("--out", Path.Combine(folder, $"{chart.Key}.svg"), chart.StandaloneSvg(), cancellationToken);
            await OutputFiles.WriteAsync("--out", Path.Combine(folder, $"{chart.Key}.png"), chart.Png, cancellationToken);
            page.Heading(2, chart.Title);
            page.Chart(chart, numbers);
        }

        await OutputFiles.WriteAsync("--out", Path.Combine(folder, "pacing.html"), page.Render(title), cancellationToken);
    }

    private static string Head(PaceStudy study) =>
        $"{Numbers.Count(study.Requests)} requests, {study.Arrivals.ToString().ToLowerInvariant()} arrivals, {Cost(study, study.BudgetUsd)} for all of them, "
        + $"{Cost(study, study.PlanUsd)} each; {study.Runs} runs per pacer"
        + (study.ScheduledPrice is { } price ? $"; λ learned beforehand: {Numbers.Price(price)}" : "; no price is high enough for this budget");

    private static TextTable Results(PaceStudy study) => new(
        "Means over runs; ± is the standard error over runs. Refused: no answer, because not even the cheapest model's worst case fitted or none was worth its price.",
        ["pacer", "quality", "spent of the budget", "refused", "downgraded", "mean λ"],
        [
            .. study.Pacers.Select(p => (IReadOnlyList<string>)
            [
                p.Pacer, Numbers.Fixed(p.MeanQuality, 4) + (p.QualityError is { } e ? $" ± {Numbers.Fixed(e, 4)}" : ""), Numbers.Percent(p.Utilisation, 1),
                Numbers.Percent(p.RefusedShare, 1), Numbers.Percent(p.DowngradedShare, 1), Numbers.Price(p.MeanPrice),
            ]),
        ]);

    private static IEnumerable<(ChartImage Chart, TextTable Numbers)> Charts(PaceStudy study)
    {
        yield return Chart(
            study, "pacing-price", "Price of money over time", "λ over its mean",
            "The price that each pacer set, over the mean of its own, because pacers do not count in the same unit.", Scaled, new ChartRange(0, 1, 0, null),
            [new LineChart.Guide([0, 1], [1, 1])]);
        yield return Chart(
            study, "pacing-spend", "Spend over time", "share of the budget spent", "Spend so far as a share of the budget. On the dashed line money is spent evenly.",
            (_, p) => p.SpentUsd / study.BudgetUsd, new ChartRange(0, 1, 0, 1), [new LineChart.Guide([0, 1], [0, 1])]);
        yield return Chart(
            study, "pacing-quality", "Quality over time", "mean quality so far", "Mean quality of all requests so far.", (_, p) => p.MeanQuality, new ChartRange(0, 1, null, null), []);
    }

    private static (ChartImage Chart, TextTable Numbers) Chart(
        PaceStudy study, string key, string title, string label, string description, Func<PacerResult, PacingPoint, double> value, ChartRange range, LineChart.Guide[] guides)
    {
        var lines = study.Pacers.Where(p => !double.IsNaN(value(p, p.Series[0]))).Select(p => new LineChart.Line(
            p.Pacer, [.. p.Series.Skip(1).Select(s => s.WindowShare)], [.. p.Series.Skip(1).Select(s => value(p, s))], Hex(p.Pacer))
        { Pattern = Pattern(p.Pacer) }).ToArray();
        var chart = LineChart.Draw(key, title, $"{description} One run per pacer.", "share of the window that has passed", label, lines, range, guides);
        return (chart, new TextTable(
            label,
            ["requests", .. study.Pacers.Select(p => p.Pacer)],
            [
                .. Enumerable.Range(0, RowsOfSeries).Select(i => (IReadOnlyList<string>)
                [
                    Numbers.Count(At(study.Pacers[0], i).Requests), .. study.Pacers.Select(p => Numbers.Quality(value(p, At(p, i)))),
                ]),
            ]));
    }

    /// <summary>Pacers that set no price have no line.</summary>
    private static double Scaled(PacerResult pacer, PacingPoint point) => pacer.MeanPrice > 0 ? point.Price / pacer.MeanPrice : double.NaN;

    private static PacingPoint At(PacerResult pacer, int row) => pacer.Series[row * (pacer.Series.Length - 1) / (RowsOfSeries - 1)];

    private static string Hex(string pacer) => ChartTheme.Series[PacerSet.Names.IndexOf(pacer) % ChartTheme.Series.Count];

    private static LinePattern Pattern(string pacer) => PacerSet.Names.IndexOf(pacer) < ChartTheme.Series.Count ? LinePattern.Solid : LinePattern.Dashed;

    private static string Cost(PaceStudy study, double cost) => Numbers.Cost(cost, study.CostsAreDollars);
}
