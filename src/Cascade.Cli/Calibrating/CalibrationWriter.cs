using Cascade.Cli.Charts;
using Cascade.Cli.Html;
using Spectre.Console;

namespace Cascade.Cli.Calibrating;

/// <summary>Writes a calibration study for a person, in the terminal and as a page.</summary>
internal static class CalibrationWriter
{
    public static void Write(IAnsiConsole terminal, CalibrationStudy study)
    {
        foreach (var model in study.Models)
        {
            terminal.MarkupLineInterpolated($"[bold]{model.Model}[/], signal '{model.Signal}' on {model.Rows} queries kept apart{Benefit(model, study)}");
            Write(terminal, Calibrators(model));
            if (!model.Guarantees.IsEmpty)
            {
                Write(terminal, Guarantees(model, study));
            }
        }

        foreach (var unscored in study.Unscored)
        {
            terminal.MarkupLineInterpolated($"[grey]not scored: {unscored}[/]");
        }
    }

    public static async Task WriteReportAsync(string folder, CalibrationStudy study, CancellationToken cancellationToken)
    {
        var page = new HtmlPage();
        var title = $"Calibration on {study.Dataset}";
        page.Heading(1, title);
        page.Lead("Calibrators are fitted on one part of the queries; what is shown was measured on another. The thick line is the calibrator in use.");
        foreach (var (model, i) in study.Models.Select((m, i) => (m, i)))
        {
            var chart = LineChart.Draw(
                $"calibration-{i + 1}", $"Reliability of {model.Model}",
                $"Share of right answers of {model.Model} against the score that promised it, in ten groups of about equal size per calibrator. On the diagonal a score keeps its promise.",
                "score of the answer", "share of right answers", model.Diagram, ChartRange.Unit, [new LineChart.Guide([0, 1], [0, 1])]);
            await OutputFiles.WriteAsync("--out", Path.Combine(folder, $"{chart.Key}.svg"), chart.StandaloneSvg(), cancellationToken);
            await OutputFiles.WriteAsync("--out", Path.Combine(folder, $"{chart.Key}.png"), chart.Png, cancellationToken);
            page.Heading(2, model.Model);
            page.Paragraph($"Signal '{model.Signal}' on {model.Rows} queries kept apart{Benefit(model, study)}.");
            page.Chart(chart, Calibrators(model));
            if (!model.Guarantees.IsEmpty)
            {
                page.Table(Guarantees(model, study));
            }
        }

        page.List(study.Unscored.Select(u => $"Not scored: {u}."));
        await OutputFiles.WriteAsync("--out", Path.Combine(folder, "calibration.html"), page.Render(title), cancellationToken);
    }

    private static string Benefit(ModelCalibration model, CalibrationStudy study) => model.BenefitAuroc is { } auroc
        ? $"; it ranks where {study.Reference} helps with AUROC {Numbers.Quality(auroc)}"
        : "";

    private static TextTable Calibrators(ModelCalibration model) => new(
        "ECE: expected calibration error, 10 bins of equal width. AUROC: of a right answer.",
        ["calibrator", "ECE", "Brier", "AUROC", "in use"],
        [
            .. model.Calibrators.Select(c => (IReadOnlyList<string>)
            [
                c.Calibrator.ToString().ToLowerInvariant(), Numbers.Fixed(c.Ece, 4), Numbers.Fixed(c.Brier, 4), Numbers.Quality(c.Auroc ?? double.NaN), c.IsUsed ? "yes" : "",
            ]),
        ]);

    private static TextTable Guarantees(ModelCalibration model, CalibrationStudy study) => new(
        $"Thresholds found on the queries to choose on; regret against {study.Reference} and the rest on those kept apart.",
        ["guarantee", "promises", "threshold", "regret", "sent on", "accepted and wrong at most"],
        [
            .. model.Guarantees.Select(g => (IReadOnlyList<string>)
            [
                g.Method, g.Promises, !g.IsFeasible ? "too few queries" : g.Threshold is { } t ? Numbers.Quality(t) : "sends nothing on or all",
                Numbers.Quality(g.Regret ?? double.NaN), Numbers.Percent(g.EscalationRate ?? double.NaN), Numbers.Percent(g.WrongAcceptedAtMost ?? double.NaN, 1),
            ]),
        ]);

    private static void Write(IAnsiConsole terminal, TextTable text) => terminal.Write(text.ForTerminal());
}
