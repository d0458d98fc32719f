using System.Collections.Immutable;
using Cascade.Cli.Charts;
using Cascade.Cli.Outcomes;
using Cascade.Planning.Calibration;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;

namespace Cascade.Cli.Calibrating;

/// <summary>Scores of every model's answers: calibrators side by side, and thresholds with guarantees.</summary>
internal sealed record CalibrationStudy
{
    private const int Bins = ScoreQuality.Bins;

    public required string Dataset { get; init; }

    public required string Reference { get; init; }

    public required ImmutableArray<ModelCalibration> Models { get; init; }

    /// <summary>Models whose answers have no signal that ranks them, and why.</summary>
    public required ImmutableArray<string> Unscored { get; init; }

    public static CalibrationStudy Of(LoadedOutcomes outcomes, SplitOutcomes parts, CalibrationRequest request, ulong seed)
    {
        var fits = ScoreModelFitter.FitAll(parts.Fit, new ScoreFitOptions { Seed = seed });
        var reference = ReferenceOf(parts.Fit, request.Reference);
        return new CalibrationStudy
        {
            Dataset = outcomes.Name,
            Reference = parts.Fit.Models[reference],
            Models = [.. fits.Select((fit, m) => (fit, m)).Where(f => f.fit.Score is not null).Select(f => Study(parts, f.m, f.fit, reference, request))],
            Unscored = [.. fits.Where(f => f.Score is null).Select(f => $"{f.Model}: {WhyUnscored(f)}")],
        };
    }

    private static int ReferenceOf(OutcomeTable table, string? name)
    {
        if (name is not null)
        {
            var index = table.Models.IndexOf(name);
            return index >= 0 ? index : throw new CliException(ExitCodes.BadUsage, $"--reference is '{name}'; give one of {string.Join(", ", table.Models)}");
        }

        var means = Enumerable.Range(0, table.ModelCount).Select(m => Mean(table.Quality(m))).ToArray();
        return Array.IndexOf(means, means.Max());
    }

    private static ModelCalibration Study(SplitOutcomes parts, int model, ScoreModelFit fit, int reference, CalibrationRequest request)
    {
        var score = fit.Score!;
        var (train, test) = (ScoreCharts.Columns(parts.Fit, model, score), ScoreCharts.Columns(parts.Report, model, score));
        var (from, to) = (Array.ConvertAll(train.Signals, score.Range.Apply), Array.ConvertAll(test.Signals, score.Range.Apply));
        (CalibratorKind Kind, Func<double, double> Map)[] maps =
        [
            (CalibratorKind.Identity, s => s),
            (CalibratorKind.Platt, PlattCalibration.Fit(from, train.Outcomes).Apply),
            (CalibratorKind.Beta, BetaCalibration.Fit(from, train.Outcomes).Apply),
            (CalibratorKind.Isotonic, IsotonicFit.Fit(from, train.Outcomes, default, IsotonicDirection.NonDecreasing).Apply),
            (CalibratorKind.Histogram, HistogramCalibration.Fit(from, train.Outcomes, Bins, Binning.EqualMass).Apply),
        ];
        var used = fit.Calibrators.FirstOrDefault(c => c.IsUsed)?.Kind ?? CalibratorKind.None;
        return new ModelCalibration
        {
            Model = fit.Model,
            Signal = score.Signal,
            Rows = to.Length,
            BenefitAuroc = model == reference || to.Length == 0 ? null : BenefitAuroc(parts.Report, model, reference, test.Rows, to),
            Calibrators = to.Length == 0 ? [] : [.. maps.Select(m => Measure(m.Kind, m.Kind == used, Array.ConvertAll(to, s => Math.Clamp(m.Map(s), 0, 1)), test.Outcomes))],
            Guarantees = request.Risk is { } risk && model != reference ? Guarantee.All(parts, model, reference, score, risk, request.Delta) : [],
            Diagram = to.Length == 0 ? [] :
            [
                ScoreCharts.Diagram("as it comes", to, test.Outcomes, ChartTheme.Gray),
                .. maps.Skip(1).Select((m, i) => ScoreCharts.Diagram(
                    m.Kind.ToString().ToLowerInvariant(), Array.ConvertAll(to, s => Math.Clamp(m.Map(s), 0, 1)), test.Outcomes, ChartTheme.Series[i]) with { Width = m.Kind == used ? 3.2f : 1.6f }),
            ],
        };
    }

    private static CalibratorMeasure Measure(CalibratorKind kind, bool isUsed, double[] scores, double[] outcomes) => new(
        kind,
        isUsed,
        CalibrationMetrics.ExpectedCalibrationError(scores, outcomes, Bins, Binning.EqualWidth),
        CalibrationMetrics.Brier(scores, outcomes).Brier,
        Known(CalibrationMetrics.Auroc(scores, Array.ConvertAll(outcomes, u => u >= 0.5))));

    private static double? BenefitAuroc(OutcomeTable table, int model, int reference, int[] rows, double[] scores)
    {
        var (own, other) = (table.Quality(model).ToArray(), table.Quality(reference).ToArray());
        return Known(CalibrationMetrics.Auroc(Array.ConvertAll(scores, s => -s), [.. rows.Select(r => other[r] > own[r])]));
    }

    private static double? Known(double value) => double.IsFinite(value) ? value : null;

    private static string WhyUnscored(ScoreModelFit fit) => fit.Signals.IsEmpty
        ? "the outcomes have no signal"
        : string.Join(", ", fit.Signals.Select(s => $"'{s.Signal}' is {s.Verdict switch
        {
            SignalVerdict.Missing => "missing",
            SignalVerdict.Constant => "the same on every row",
            SignalVerdict.WorseThanChance => "worse than chance",
            _ => "not used",
        }}"));

    private static double Mean(ReadOnlySpan<double> column)
    {
        var sum = 0.0;
        foreach (var value in column)
        {
            sum += value;
        }

        return sum / column.Length;
    }
}
