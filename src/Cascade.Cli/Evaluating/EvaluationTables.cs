using Cascade.Cli.Charts;
using Cascade.Cli.Html;
using Cascade.Cli.Plans;
using Cascade.Planning.Fitting;
using Cascade.Planning.Frontier;

namespace Cascade.Cli.Evaluating;

/// <summary>The numbers of an evaluation as tables of text.</summary>
internal static class EvaluationTables
{
    /// <summary>The strategies that were fitted, the best first.</summary>
    public static List<StrategyRun> Ranked(FitRun run) =>
        [.. run.Strategies.Where(s => s.Status == StrategyStatus.Fitted).OrderByDescending(s => s.Report!.Auc).ThenBy(s => s.Strategy, StringComparer.Ordinal)];

    /// <summary>One row per strategy, those that come to the same in one: figures of the curve, then quality with its interval at each budget.</summary>
    public static TextTable Strategies(EvaluatedDataset data)
    {
        var groups = SameStrategies.Of(data.Run);
        return new TextTable(
            "Quality with its 95% interval at five budgets per request, on queries that neither fitted nor chose anything. The plan's row stands out.",
            ["strategy", "AUC", "Gain", "CR@90", .. data.Run.BudgetsUsd.Select(b => $"at {data.Cost(b)}")],
            [
                .. groups.Select(g => g.Shown).Select(s => (IReadOnlyList<string>)
                [
                    s.Strategy,
                    Numbers.Quality(s.Report!.Auc),
                    Numbers.Quality(s.Report.Gain),
                    Numbers.Percent(s.Report.CostReduction90),
                    .. s.Report.Budgets.Select(b => b.Fit == FrontierFit.Infeasible ? "too dear" : QualityText(b.Quality, b.QualityInterval.Low, b.QualityInterval.High)),
                ]),
            ])
        { Marked = groups.FindIndex(g => g.Shown.Strategy == data.Chosen.Strategy) };
    }

    /// <summary>One row per strategy, those that come to the same in one: realised cost over the budget, and the share of requests that went to more than one model.</summary>
    public static TextTable Spending(EvaluatedDataset data)
    {
        var groups = SameStrategies.Of(data.Run);
        return new TextTable(
            "Realised cost over the budget, and the share of requests on which more than one model was called. Below 1 the strategy has no use for all of the budget.",
            ["strategy", .. data.Run.BudgetsUsd.Select(b => $"at {data.Cost(b)}")],
            [
                .. groups.Select(g => g.Shown).Select(s => (IReadOnlyList<string>)
                [
                    s.Strategy,
                    .. s.Report!.Budgets.Select(b => $"{Numbers.Fixed(b.RealisedShare, 2)}, {Numbers.Percent(b.EscalationRate)}"),
                ]),
            ])
        { Marked = groups.FindIndex(g => g.Shown.Strategy == data.Chosen.Strategy) };
    }

    /// <summary>What the frontier chart shows of the plan.</summary>
    public static TextTable Points(EvaluatedDataset data)
    {
        string[] names = [.. data.Run.Context.Models.Select(m => m.Name)];
        var switches = FrontierChart.Switches(data.Run, data.Chosen).ToHashSet();
        return new TextTable(
            $"Operating points of the plan, {data.Chosen.Strategy}, and the single models. Where the models change, there is a switching point.",
            ["operating point", "cost per request", "quality", "more than one model", "switching point"],
            [
                .. data.Chosen.Report!.Points.Select((p, i) => (IReadOnlyList<string>)
                [
                    PolicyText.Of(data.Chosen.Fitted!.Candidates[p.Candidate].Policy, names, data.Chosen.Fitted.Candidates[p.Candidate].Price),
                    data.Cost(p.CostUsd),
                    QualityText(p.Quality, p.QualityInterval.Low, p.QualityInterval.High),
                    Numbers.Percent(p.EscalationRate),
                    switches.Contains(i) ? "yes" : "",
                ]),
                .. data.Run.References.Singles.Select(s => (IReadOnlyList<string>)[$"{names[s.Policy]} alone", data.Cost(s.CostUsd), Numbers.Quality(s.Quality), "0%", ""]),
            ]);
    }

    /// <summary>How scores do on the queries kept apart.</summary>
    public static TextTable Scores(EvaluatedDataset data) => new(
        "Scores of answers before and after calibration, on the queries kept apart: expected calibration error, Brier score, and the area under the ROC curve of a right answer.",
        ["model", "signal", "ECE before", "after", "Brier before", "after", "AUROC"],
        [
            .. data.Run.Scores.Select((s, m) => (Fit: s, Quality: data.Run.ScoreQualities[m])).Where(s => s.Quality is not null).Select(s => (IReadOnlyList<string>)
            [
                s.Fit.Model, s.Fit.Score!.Signal, Numbers.Quality(s.Quality!.EceBefore), Numbers.Quality(s.Quality.EceAfter), Numbers.Quality(s.Quality.BrierBefore),
                Numbers.Quality(s.Quality.BrierAfter), Numbers.Quality(s.Quality.AurocAfter),
            ]),
        ]);

    /// <summary>The share that thresholds send on.</summary>
    public static TextTable Escalation(EvaluatedDataset data)
    {
        var curves = ScoreCharts.Drafts(data.Run).Select(m => (Model: m, Curve: ScoreCharts.EscalationCurve(data.Run, m))).ToList();
        return new TextTable(
            "Share of drafts below a threshold.",
            ["threshold", .. curves.Select(c => data.Run.Context.Models[c.Model].Name)],
            [
                .. Enumerable.Range(0, 11).Select(i => (IReadOnlyList<string>)
                [
                    Numbers.Fixed(i / 10.0, 1), .. curves.Select(c => Numbers.Percent(c.Curve.Shares[i * 10])),
                ]),
            ]);
    }

    private static string QualityText(double quality, double low, double high) => $"{Numbers.Quality(quality)} ({Numbers.Quality(low)}–{Numbers.Quality(high)})";
}
