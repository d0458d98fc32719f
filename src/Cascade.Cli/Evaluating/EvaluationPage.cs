using System.Text;
using Cascade.Cli.Charts;
using Cascade.Planning.Fitting;

namespace Cascade.Cli.Evaluating;

/// <summary>The evaluation page of the documentation. What it teaches is written by hand in a file of its own beside it.</summary>
internal static class EvaluationPage
{
    public const string LessonsFile = "evaluation-lessons.md";
    private const string ImageFolder = "images";

    public static async Task WriteAsync(string path, IReadOnlyList<EvaluatedDataset> datasets, ulong seed, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var text = new StringBuilder(Head(datasets, seed));
        foreach (var data in datasets)
        {
            var chart = FrontierChart.Draw($"evaluation-{data.Key}", data.Outcomes.Name, data.Run, data.Outcomes.CostsAreDollars);
            await OutputFiles.WriteAsync("--page", Path.Combine(folder, ImageFolder, $"{chart.Key}.svg"), chart.StandaloneSvg(), cancellationToken);
            text.Append(Section(data, chart));
        }

        await OutputFiles.WriteAsync("--page", path, text.ToString(), cancellationToken);
    }

    private static string Head(IReadOnlyList<EvaluatedDataset> datasets, ulong seed)
    {
        var within = datasets.Count(EvaluationFacts.IsPlanWithinInterval);
        return "# Every strategy on every data set\n\n"
            + "Written by `build/update-evaluation.sh`; edit nothing here. What it teaches is in "
            + $"[{LessonsFile}]({LessonsFile}), which is written by hand.\n\n"
            + "Each strategy is fitted on one part of the queries, its operating points are chosen on a second, and it is measured on a third that nothing "
            + $"else looks at. Intervals are 95%, by a bootstrap over queries. Seed {seed}. The published data sets are described with their sources by "
            + "`cascade evaluate --help` and in the report that `cascade evaluate` writes.\n\n"
            + $"On {within} of {datasets.Count} data sets, the strategy that `auto` chose is at no budget worse than the one with the highest AUC by more than "
            + "the 95% interval of their difference.\n\n"
            + Summary(datasets).Markdown() + "\n";
    }

    private static Html.TextTable Summary(IReadOnlyList<EvaluatedDataset> datasets) => new(
        "",
        ["data set", "queries reported", "models", "plan", "its AUC", "highest AUC", "by", "single models"],
        [
            .. datasets.Select(data => (Data: data, Best: EvaluationTables.Ranked(data.Run)[0])).Select(d => (IReadOnlyList<string>)
            [
                $"[{d.Data.Outcomes.Name}](#{Anchor(d.Data.Outcomes.Name)})",
                Numbers.Count(d.Data.Run.Outcomes.Report.RowCount),
                Numbers.Count(d.Data.Run.Context.Models.Length),
                d.Data.Chosen.Strategy,
                Numbers.Quality(d.Data.Chosen.Report!.Auc),
                Numbers.Quality(d.Best.Report!.Auc),
                d.Best.Strategy,
                Numbers.Quality(d.Data.Run.Strategies.FirstOrDefault(s => s.Strategy == "single-model")?.Report?.Auc ?? double.NaN),
            ]),
        ]);

    private static string Section(EvaluatedDataset data, ChartImage chart)
    {
        var text = new StringBuilder();
        text.Append('\n').Append("## ").Append(data.Outcomes.Name).Append("\n\n");
        text.Append(data.Outcomes.Description).Append(' ').Append(data.Rows).Append(".\n\n");
        text.Append("![").Append(chart.Description).Append("](").Append(ImageFolder).Append('/').Append(chart.Key).Append(".svg)\n\n");
        text.Append(EvaluationTables.Strategies(data).Markdown()).Append("\n\n");
        text.Append(EvaluationTables.Spending(data).Caption).Append("\n\n").Append(EvaluationTables.Spending(data).Markdown()).Append("\n\n");
        foreach (var fact in EvaluationFacts.Of(data).Concat(data.Outcomes.Notes.Select(n => n + ".")))
        {
            text.Append("- ").Append(fact).Append('\n');
        }

        foreach (var strategy in data.Run.Strategies.Where(s => s.Status != StrategyStatus.Fitted))
        {
            text.Append("- ").Append(strategy.Strategy).Append(" is not among them: ").Append(strategy.Reason).Append(".\n");
        }

        return text.ToString();
    }

    private static string Anchor(string heading) =>
        string.Concat(heading.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is '-' or '_' or ' ')).Replace(' ', '-');
}
