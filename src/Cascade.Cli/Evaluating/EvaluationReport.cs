using System.Collections.Immutable;
using Cascade.Cli.Charts;
using Cascade.Cli.Html;
using Cascade.Planning.Fitting;

namespace Cascade.Cli.Evaluating;

/// <summary>The report of an evaluation: one page, and each of its charts as files.</summary>
internal sealed record EvaluationReport(string Html, ImmutableArray<ChartImage> Charts)
{
    private const string Title = "Cascade strategies side by side";

    public static EvaluationReport Build(IReadOnlyList<EvaluatedDataset> datasets, ulong seed)
    {
        var page = new HtmlPage();
        var charts = ImmutableArray.CreateBuilder<ChartImage>();
        page.Heading(1, Title);
        page.Lead(
            "Each strategy is fitted on one part of the queries, its operating points are chosen on a second, and it is measured on a third that nothing else "
            + $"looks at. Intervals are 95%, by a bootstrap over queries. Seed {seed}.");
        foreach (var data in datasets)
        {
            Add(page, charts, data);
        }

        return new EvaluationReport(page.Render(Title), charts.ToImmutable());
    }

    public async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        await OutputFiles.WriteAsync("--out", Path.Combine(folder, "report.html"), Html, cancellationToken);
        foreach (var chart in Charts)
        {
            await OutputFiles.WriteAsync("--out", Path.Combine(folder, $"{chart.Key}.svg"), chart.StandaloneSvg(), cancellationToken);
            await OutputFiles.WriteAsync("--out", Path.Combine(folder, $"{chart.Key}.png"), chart.Png, cancellationToken);
        }
    }

    private static void Add(HtmlPage page, ImmutableArray<ChartImage>.Builder charts, EvaluatedDataset data)
    {
        var run = data.Run;
        page.Heading(2, data.Outcomes.Name);
        page.Paragraph($"{data.Outcomes.Description} {data.Rows}.".TrimStart());
        page.List(data.Outcomes.Notes);
        page.List(EvaluationFacts.Of(data));
        Chart(FrontierChart.Draw($"{data.Key}-frontier", data.Outcomes.Name, run, data.Outcomes.CostsAreDollars), EvaluationTables.Points(data));
        page.Table(EvaluationTables.Strategies(data));
        page.Table(EvaluationTables.Spending(data));
        page.List(run.Strategies.Where(s => s.Status != StrategyStatus.Fitted).Select(s => $"{s.Strategy} is not among them: {s.Reason}"));
        foreach (var model in ScoreCharts.Drafts(run))
        {
            Chart(ScoreCharts.Reliability($"{data.Key}-reliability-{model + 1}", run, model), EvaluationTables.Scores(data));
        }

        Chart(ScoreCharts.Benefit($"{data.Key}-benefit", run), EvaluationTables.Scores(data));
        Chart(ScoreCharts.Escalation($"{data.Key}-escalation", run), EvaluationTables.Escalation(data));

        void Chart(ChartImage? chart, TextTable numbers)
        {
            if (chart is not null)
            {
                charts.Add(chart);
                page.Chart(chart, numbers);
            }
        }
    }
}
