using System.Collections.Immutable;
using Cascade.Planning.Calibration;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;
using ScottPlot;

namespace Cascade.Cli.Charts;

/// <summary>What the scores of drafts say, on the queries kept apart.</summary>
internal static class ScoreCharts
{
    private const int Bins = 10;
    private const int MostModels = 4;

    /// <summary>Models whose answers the plan judges, the cheapest first; without any, those that have a score.</summary>
    public static ImmutableArray<int> Drafts(FitRun run)
    {
        var chosen = run.Of(Cascade.Planning.Selection.AutoChoice.StrategyName);
        int[] judged =
        [
            .. chosen.Report!.Points.Select(p => chosen.Fitted!.Candidates[p.Candidate].Policy).OfType<ChainSpec>().SelectMany(c => c.Models.SkipLast(1)).Distinct(),
        ];
        int[] scored = [.. Enumerable.Range(0, run.Scores.Length).Where(m => run.Scores[m].Score is not null)];
        return [.. (judged.Length > 0 ? judged.Intersect(scored) : scored).Order().Take(MostModels)];
    }

    /// <summary>Promised and true share of right answers of one model, before calibration and after.</summary>
    public static ChartImage? Reliability(string key, FitRun run, int model)
    {
        if (run.Scores[model].Score is not { } score || Columns(run.Outcomes.Report, model, score) is not { Signals.Length: > 0 } columns)
        {
            return null;
        }

        var name = run.Context.Models[model].Name;
        var before = Array.ConvertAll(columns.Signals, score.Range.Apply);
        var after = Array.ConvertAll(before, score.Map.Apply);
        var title = $"Reliability of {name}";
        return LineChart.Draw(
            key,
            title,
            $"Share of right answers of {name} against the score that promised it, in ten groups of about equal size, before and after calibration. On the diagonal a score keeps its promise.",
            "score of the answer",
            "share of right answers",
            [
                Diagram("before calibration", before, columns.Outcomes, ChartTheme.Orange) with { Pattern = LinePattern.Dashed },
                Diagram("after calibration", after, columns.Outcomes, ChartTheme.Blue),
            ],
            ChartRange.Unit,
            [new LineChart.Guide([0, 1], [0, 1])]);
    }

    /// <summary>What the best model adds to a draft, by the draft's score.</summary>
    public static ChartImage? Benefit(string key, FitRun run)
    {
        var table = run.Outcomes.Report;
        var best = run.References.BestSingle.Policy;
        var lines = new List<LineChart.Line>();
        foreach (var model in Drafts(run).Where(m => m != best))
        {
            if (Columns(table, model, run.Scores[model].Score!) is not { Signals.Length: > 0 } columns)
            {
                continue;
            }

            var scores = Array.ConvertAll(columns.Signals, s => run.Scores[model].Score!.Apply([s]));
            var benefit = columns.Rows.Select((row, i) => (1 + table.Quality(best)[row] - columns.Outcomes[i]) / 2).ToArray();
            var bins = ReliabilityDiagram.Of(scores, benefit, Bins, Binning.EqualMass).Where(b => b.Count > 0).ToArray();
            lines.Add(new LineChart.Line(
                run.Context.Models[model].Name, [.. bins.Select(b => b.MeanScore)], [.. bins.Select(b => (2 * b.MeanOutcome) - 1)], Color(lines.Count))
            { HasMarkers = true });
        }

        var top = run.Context.Models[best].Name;
        return lines.Count == 0
            ? null
            : LineChart.Draw(
                key, $"What {top} adds to a draft",
                $"Mean gain in quality from asking {top} as well, against the score of the draft, in ten groups of about equal size per model. Falling lines are what a threshold lives from.",
                "score of the draft", $"gain in quality by {top}", lines, new ChartRange(0, 1, null, null), [new LineChart.Guide([0, 1], [0, 0])]);
    }

    /// <summary>The share of drafts that a threshold sends on.</summary>
    public static ChartImage? Escalation(string key, FitRun run)
    {
        var lines = new List<LineChart.Line>();
        foreach (var model in Drafts(run))
        {
            var scores = EscalationCurve(run, model);
            lines.Add(new LineChart.Line(run.Context.Models[model].Name, scores.Thresholds, scores.Shares, Color(lines.Count)));
        }

        return lines.Count == 0
            ? null
            : LineChart.Draw(
                key, "Escalation rate against threshold", "Share of drafts that score below a threshold and are sent on, per model, for thresholds from 0 to 1.",
                "threshold", "share sent on", lines, ChartRange.Unit);
    }

    /// <summary>The share of answers below each of 101 thresholds.</summary>
    public static (double[] Thresholds, double[] Shares) EscalationCurve(FitRun run, int model)
    {
        const int Steps = 100;
        var columns = Columns(run.Outcomes.Report, model, run.Scores[model].Score!);
        var scores = columns.Signals.Select(s => run.Scores[model].Score!.Apply([s])).Order().ToArray();
        var thresholds = Enumerable.Range(0, Steps + 1).Select(i => i / (double)Steps).ToArray();
        return (thresholds, Array.ConvertAll(thresholds, t => scores.Length == 0 ? 0 : scores.Count(s => s < t) / (double)scores.Length));
    }

    /// <summary>The bins of a reliability diagram as a line.</summary>
    public static LineChart.Line Diagram(string name, double[] scores, double[] outcomes, string hex)
    {
        var bins = ReliabilityDiagram.Of(scores, outcomes, Bins, Binning.EqualMass).Where(b => b.Count > 0).ToArray();
        return new LineChart.Line(name, [.. bins.Select(b => b.MeanScore)], [.. bins.Select(b => b.MeanOutcome)], hex) { HasMarkers = true };
    }

    /// <summary>The rows on which a model's answer has the signal of its score.</summary>
    public static SignalColumns Columns(OutcomeTable table, int model, CalibratedScore score)
    {
        var signal = table.Signal(model, table.Signals.IndexOf(score.Signal)).ToArray();
        int[] rows = [.. Enumerable.Range(0, signal.Length).Where(row => !double.IsNaN(signal[row]))];
        var quality = table.Quality(model).ToArray();
        return new SignalColumns(rows, [.. rows.Select(r => signal[r])], [.. rows.Select(r => quality[r])]);
    }

    private static string Color(int place) => ChartTheme.Series[place % ChartTheme.Series.Count];
}

/// <summary>Rows with a signal, the signal, and the quality of the answers.</summary>
internal sealed record SignalColumns(int[] Rows, double[] Signals, double[] Outcomes);
