using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Fitting;

/// <summary>Runs what was chosen over the rows to report on. It chooses nothing: every mix comes from the rows to choose on.</summary>
internal sealed class ReportBuilder
{
    private const int OraclePoints = 200;
    private const double CostReductionShare = 0.9;

    private readonly OutcomeTable _table;
    private readonly ImmutableArray<SingleModel> _singles;
    private readonly ImmutableArray<double> _budgets;
    private readonly ImmutableArray<double> _prices;
    private readonly double _confidence;
    private readonly Bootstrap _bootstrap;
    private readonly double[] _places;

    public ReportBuilder(SplitOutcomes outcomes, ImmutableArray<double> budgets, ImmutableArray<double> prices, PipelineOptions options)
    {
        _prices = prices;
        (_table, _budgets, _confidence) = (outcomes.Report, budgets, options.Confidence);
        _bootstrap = new Bootstrap(_table.RowCount, options.Resamples, options.Fit.Seed);
        _places = MixedRows.Places(_table);
        _singles = [.. Enumerable.Range(0, _table.ModelCount).Select(m => new SingleModel(Point(outcomes.Choose, m), Point(_table, m)))];
    }

    public StrategyRun Report(StrategyRun run, ImmutableArray<ModelProfile> models)
    {
        var (fitted, frontier) = (run.Fitted!, run.Frontier!);
        var evidenceOf = StrategyFitting.EvidenceOf(fitted, _table);
        var results = frontier.Vertices
            .Select(v => fitted.Candidates[v.Policy])
            .Select(c => PolicyEvaluator.Run(c.Policy.Compile(models), evidenceOf(c), c.Price))
            .ToArray();
        var choices = _budgets.Select(frontier.AtBudget).ToArray();
        var places = frontier.Vertices.Select((v, i) => (v.Policy, i)).ToDictionary(p => p.Policy, p => p.i);
        var mixed = choices
            .Select((c, i) => MixedRows.Of(results[places[c.Lower.Policy]], results[places[c.Upper.Policy]], c.UpperShare, _places, _prices[i]))
            .ToArray();
        var intervals = _bootstrap.Of(
            [.. results.Select(r => r.CostUsd), .. results.Select(r => r.Quality), .. mixed.Select(m => m.CostUsd), .. mixed.Select(m => m.Quality)], _confidence);
        var (ofPoints, ofBudgets) = (intervals[..(2 * results.Length)], intervals[(2 * results.Length)..]);
        var points = frontier.Vertices.Select((v, i) => Point(v, results[i], ofPoints[i], ofPoints[i + results.Length])).ToImmutableArray();
        var curve = points.Select((p, i) => new FrontierPoint(p.CostUsd, p.Quality, i)).ToArray();
        var (cheapest, best) = (_singles.MinBy(s => s.Report.CostUsd)!.Report, BestOnReport());
        return run with
        {
            ReportRows = [.. mixed],
            Report = new StrategyReport
            {
                Strategy = run.Strategy,
                Rows = _table.RowCount,
                Points = points,
                Budgets = [.. choices.Select((c, i) => Budget(_budgets[i], c, places, mixed[i], ofBudgets[i], ofBudgets[i + mixed.Length]))],
                Auc = Auc(curve),
                Gain = CurveMetrics.Gain(curve, cheapest, best),
                CostReduction90 = CurveMetrics.CostReduction(curve, best, CostReductionShare),
            },
        };
    }

    public ReferenceLines References()
    {
        var best = Enumerable.Range(0, _singles.Length).OrderByDescending(m => _singles[m].Choose.Quality).ThenBy(m => _singles[m].Choose.CostUsd).First();
        var oracle = HindsightOracle.Of(_table, OraclePoints);
        var hull = CostFrontier.Of(oracle.AsSpan());
        return new ReferenceLines
        {
            Singles = [.. _singles.Select(s => s.Report)],
            BestSingle = _singles[best].Report,
            BestSingleQuality = _bootstrap.Of(_table.Quality(best).ToArray(), _confidence),
            UnreachableOracle = oracle,
            UnreachableOracleAtBudgets = [.. _budgets.Select(b => hull.AtBudget(b).Quality)],
        };
    }

    private static FrontierPoint Point(OutcomeTable table, int model) =>
        new(RecordedMean.Of(table.CostUsd(model)), RecordedMean.Of(table.Quality(model)), model);

    private double Auc(FrontierPoint[] curve) => CurveMetrics.Auc(
        curve, _singles.Min(s => s.Report.CostUsd), _singles.Max(s => s.Report.CostUsd), _singles.Min(s => s.Report.Quality));

    /// <summary>The yardstick of Gain and CR@90 is the best single model of the rows reported on, as in the publications they are from.</summary>
    private FrontierPoint BestOnReport() =>
        _singles.Select(s => s.Report).OrderByDescending(p => p.Quality).ThenBy(p => p.CostUsd).First();

    private static OperatingPoint Point(FrontierPoint vertex, PolicyResult result, Interval cost, Interval quality) => new()
    {
        Candidate = vertex.Policy,
        ChooseCostUsd = vertex.CostUsd,
        ChooseQuality = vertex.Quality,
        CostUsd = result.MeanCostUsd,
        CostInterval = cost,
        Quality = result.MeanQuality,
        QualityInterval = quality,
        EscalationRate = result.EscalationRate,
        AbstentionRate = result.AbstentionRate,
    };

    private static BudgetReport Budget(
        double budgetUsd, FrontierChoice choice, Dictionary<int, int> places, MixedRows rows, Interval cost, Interval quality) => new()
        {
            BudgetUsd = budgetUsd,
            Fit = choice.Fit,
            LowerPoint = places[choice.Lower.Policy],
            UpperPoint = places[choice.Upper.Policy],
            UpperShare = choice.UpperShare,
            QualityPerUsd = choice.QualityPerUsd,
            Quality = rows.Quality.Average(),
            QualityInterval = quality,
            CostUsd = rows.CostUsd.Average(),
            CostInterval = cost,
            EscalationRate = rows.EscalationRate,
            AbstentionRate = rows.AbstentionRate,
        };

    private sealed record SingleModel(FrontierPoint Choose, FrontierPoint Report);
}
