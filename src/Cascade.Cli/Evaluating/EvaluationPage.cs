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
        var standings = datasets.Select(AutoStanding.Of).ToList();
        return "# Every strategy on every data set\n\n"
            + "Written by `build/update-evaluation.sh`; edit nothing here. What it teaches is in "
            + $"[{LessonsFile}]({LessonsFile}), which is written by hand; how it is measured, in [evaluation-method.md](evaluation-method.md).\n\n"
            + "Each strategy is fitted on one part of the queries, its operating points are chosen on a second, and it is measured on a third that nothing "
            + $"else looks at. Intervals are 95%, by a bootstrap over queries. Seed {seed}. Budgets are means per request, in dollars unless a unit is named. "
            + "Where a data set has more models, few are taken by a rule that looks at the queries to fit on alone; its section names those left out.\n\n"
            + "## auto against the best in hindsight\n\n"
            + Verdict(standings)
            + Summary(standings).Markdown() + "\n\n"
            + "## Published findings on this data\n\n"
            + "The mean difference over the budgets at equal cost, in points of quality (hundredths). \\* marks those whose 95% interval, taken alone, leaves out 0; "
            + "of a hundred differences of nothing, about five are marked. A dash stands where one of the two does not suit the data, mostly for want of a signal "
            + "of an answer's quality; data sets that suit no pair are not shown.\n\n"
            + PublishedFindings.Table(datasets).Markdown() + "\n";
    }

    private static string Verdict(List<AutoStanding> standings)
    {
        var (within, simultaneous) = (standings.Count(s => s.PointwiseWorse == 0), standings.Where(s => s.SimultaneouslyWorse > 0).ToList());
        return "The strategy that `auto` chose is held against the one with the highest AUC, which is picked on the very queries that measure it. "
            + $"**Pointwise**: on {within} of {standings.Count} data sets it is at no budget worse by more than the 95% interval of their difference"
            + (within == standings.Count ? ". " : $"; it is on {Names(standings.Where(s => s.PointwiseWorse > 0))}. ")
            + $"**Simultaneously**, with intervals that hold for all strategies and budgets at once, on {standings.Count - simultaneous.Count} of {standings.Count} it is worse than no strategy at any budget"
            + (simultaneous.Count == 0 ? "." : $"; below even that it is on {Names(simultaneous)}.") + "\n\n";
    }

    private static string Names(IEnumerable<AutoStanding> standings) =>
        string.Join(", ", standings.Select(s => s.Data.Outcomes.Name).Select(name => $"[{name}](#{Anchor(name)})"));

    private static Html.TextTable Summary(IReadOnlyList<AutoStanding> standings) => new(
        "",
        [
            "data set", "queries reported", "models", "plan", "its AUC", "highest AUC", "by", "single models", "plan − that, at its worst budget (95% pointwise)", "95% simultaneous",
            "budgets worse pointwise", "differences worse simultaneously",
        ],
        [
            .. standings.Select(s => (Standing: s, s.Data, Best: s.Data.Run.Of(s.Best), Worst: s.AtItsWorst())).Select(d => (IReadOnlyList<string>)
            [
                $"[{d.Data.Outcomes.Name}](#{Anchor(d.Data.Outcomes.Name)})",
                Numbers.Count(d.Data.Run.Outcomes.Report.RowCount),
                Numbers.Count(d.Data.Run.Context.Models.Length),
                d.Data.Chosen.Strategy,
                Numbers.Quality(d.Data.Chosen.Report!.Auc),
                Numbers.Quality(d.Best.Report!.Auc),
                d.Best.Strategy,
                Numbers.Quality(d.Data.Run.Strategies.FirstOrDefault(s => s.Strategy == "single-model")?.Report?.Auc ?? double.NaN),
                d.Worst.Pointwise,
                d.Worst.Simultaneous,
                d.Standing.Pointwise.Length == 0 ? "–" : $"{d.Standing.PointwiseWorse} of {d.Standing.Pointwise.Length}",
                $"{d.Standing.SimultaneouslyWorse} of {d.Standing.Simultaneous.Differences}",
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
