using System.Collections.Immutable;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Fitting;

/// <summary>What a fit does not know of itself and its plan is to say.</summary>
public sealed record PlanOrigin
{
    /// <summary>The plan's name; not blank.</summary>
    public required string Name { get; init; }

    /// <summary>When it was fitted.</summary>
    public required DateTimeOffset FittedAt { get; init; }

    /// <summary>SHA-256 over what was read, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Queries that were read.</summary>
    public required int Queries { get; init; }

    /// <summary>Share of the queries that was fitted on.</summary>
    public required double FitShare { get; init; }

    /// <summary>Share of the queries that was chosen on.</summary>
    public required double ChooseShare { get; init; }

    /// <summary>Names the split.</summary>
    public required string Salt { get; init; }
}

/// <summary>Makes a plan document of a fit.</summary>
public static class PlanExport
{
    private const double Confidence = 0.95;

    /// <summary>Makes the plan of one strategy: the corners of its hull on the rows to choose on, with what they delivered there and on the rows to report on.</summary>
    /// <param name="run">The fit.</param>
    /// <param name="strategy">The strategy's name; <c>auto</c> is the one that was chosen.</param>
    /// <param name="origin">What the fit does not know.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ArgumentException">There is no such strategy, or it was not fitted.</exception>
    public static PlanDocument Of(FitRun run, string strategy, PlanOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(origin);
        var chosen = run.Of(strategy);
        if (chosen is not { Fitted: { } fitted, Frontier: { } frontier, Report: { } report })
        {
            throw new ArgumentException($"'{strategy}' was not fitted: {chosen.Reason}", nameof(strategy));
        }

        ImmutableArray<double> prices = [.. frontier.Prices];
        var sets = SetsOf(fitted, frontier.Vertices);
        return new PlanDocument
        {
            Name = origin.Name,
            FittedAt = origin.FittedAt,
            Strategy = chosen.Strategy,
            Data = DataOf(run, origin),
            Models =
            [
                .. run.Context.Models.Select((m, i) => new PlanModel
                {
                    Name = m.Name,
                    Quality = m.Quality,
                    CostUsd = m.CostUsd,
                    JudgeCostUsd = RecordedMean.Of(run.Outcomes.Fit.JudgeCostUsd(i)),
                    Rows = run.Outcomes.Fit.RowCount,
                }),
            ],
            ScoreModels = fitted.ScoreModels,
            ScoreSets = [.. sets.Select(models => new PlanScoreSet(models))],
            Estimator = fitted.Estimator,
            Points = PointsOf(run, fitted, frontier.Vertices, sets),
            Prices = prices,
            WarmStart = [.. frontier.Vertices.Select((v, i) => new PlanWarmStart(v.CostUsd, i < prices.Length ? prices[i] : 0))],
            Switches = [.. SwitchesOf(fitted, frontier.Vertices)],
            Report = new PlanReport(report.Rows, [.. report.Points.Select(ReportOf)]),
        };
    }

    private static PlanData DataOf(FitRun run, PlanOrigin origin) => new()
    {
        Sha256 = origin.Sha256,
        Queries = origin.Queries,
        FitShare = origin.FitShare,
        ChooseShare = origin.ChooseShare,
        Salt = origin.Salt,
        FitRows = run.Outcomes.Fit.RowCount,
        ChooseRows = run.Outcomes.Choose.RowCount,
        ReportRows = run.Outcomes.Report.RowCount,
    };

    /// <summary>What points are scored by that the strategy's own score models are not; the same array is one set.</summary>
    private static ImmutableArray<ImmutableArray<ScoreModel?>> SetsOf(FittedStrategy fitted, ImmutableArray<FrontierPoint> vertices) =>
    [
        .. vertices.Select(vertex => fitted.Candidates[vertex.Policy].ScoreModels).OfType<ImmutableArray<ScoreModel?>>()
            .Where(models => models != fitted.ScoreModels).Distinct(),
    ];

    private static ImmutableArray<PlanPoint> PointsOf(
        FitRun run, FittedStrategy fitted, ImmutableArray<FrontierPoint> vertices, ImmutableArray<ImmutableArray<ScoreModel?>> sets)
    {
        var evidence = new CandidateEvidence(fitted, run.Outcomes.Choose);
        var bootstrap = new Bootstrap(run.Outcomes.Choose.RowCount, run.Options.Resamples, run.Options.Fit.Seed);
        return
        [
            .. vertices.Select(vertex =>
            {
                var candidate = fitted.Candidates[vertex.Policy];
                var result = PolicyEvaluator.Run(candidate.Policy.Compile(run.Context.Models), evidence.For(candidate), candidate.Price);
                var intervals = bootstrap.Of([result.CostUsd, result.Quality], Confidence);
                return new PlanPoint
                {
                    Policy = candidate.Policy,
                    Price = candidate.Price,
                    ScoreSet = candidate.ScoreModels is { } own && sets.IndexOf(own) is >= 0 and var set ? set : null,
                    CostUsd = new PlanFigure(vertex.CostUsd, intervals[0].Low, intervals[0].High),
                    Quality = new PlanFigure(vertex.Quality, intervals[1].Low, intervals[1].High),
                    EscalationRate = result.EscalationRate,
                    AbstentionRate = result.AbstentionRate,
                };
            }),
        ];
    }

    /// <summary>Only chains say which models they use; where two neighbours use the same, nothing switches.</summary>
    private static IEnumerable<PlanSwitch> SwitchesOf(FittedStrategy fitted, ImmutableArray<FrontierPoint> vertices)
    {
        for (var i = 1; i < vertices.Length; i++)
        {
            if (fitted.Candidates[vertices[i - 1].Policy].Policy is ChainSpec before && fitted.Candidates[vertices[i].Policy].Policy is ChainSpec after
                && !before.Models.SequenceEqual(after.Models))
            {
                yield return new PlanSwitch(vertices[i].CostUsd, before.Models, after.Models);
            }
        }
    }

    private static PlanReportPoint ReportOf(OperatingPoint point) => new(
        new PlanFigure(point.CostUsd, point.CostInterval.Low, point.CostInterval.High),
        new PlanFigure(point.Quality, point.QualityInterval.Low, point.QualityInterval.High),
        point.EscalationRate,
        point.AbstentionRate);
}
