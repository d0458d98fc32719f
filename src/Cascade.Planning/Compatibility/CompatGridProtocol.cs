using System.Globalization;
using Cascade.Planning.Fitting;
using Cascade.Planning.Frontier;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Compatibility;

/// <summary>
/// The pairwise envelope as Bouchard, "Is Escalation Worth It?", arXiv 2605.06350, evaluates it (code of 7 May 2026, fig2_compute.py), to compare
/// figures with the publication. Not for choosing what to serve: it takes the best of all pairs and thresholds on the very rows it reports.
/// </summary>
/// <remarks>
/// Per split: half of the rows, stratified by whether the first model is right, is for calibration: models that another beats in both mean cost
/// and mean quality are dropped, the pairs in order of cost whose dearer model is better are kept, and a threshold grid spans the scores of the
/// drafts. On the other half every pair and threshold is scored, points dearer than the strong model alone are discarded, both models alone are
/// added, curves are interpolated on the cost grid, and the best pair at each cost is taken, cumulatively. Rows on which any model lacks a score
/// are left out, as they are there. Where scores are calibrated, their raw signal is taken instead, as it is there. Differences: the halvings are by hash, since the published random sequence is that of one library, and
/// costs of judging are not charged.
/// </remarks>
public static class CompatGridProtocol
{
    /// <summary>Evaluates.</summary>
    /// <param name="context">The rows, all of them; every model has scores.</param>
    /// <param name="options">Sizes.</param>
    /// <returns>The median curve.</returns>
    /// <exception cref="ArgumentException">A size is too small, or fewer than two rows have scores of every model.</exception>
    public static CompatGridCurve Run(FitContext context, CompatGridOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Splits < 1 || options.Thresholds < 2 || options.Costs < 2)
        {
            throw new ArgumentException(
                $"{options.Splits} splits, {options.Thresholds} thresholds and {options.Costs} costs are too few; give at least 1, 2 and 2", nameof(options));
        }

        context = context with { Scores = Raw(context) };
        var rows = ScoredRows(context);
        if (rows.Length < 2)
        {
            throw new ArgumentException($"{rows.Length} rows have a score of every model; give at least two", nameof(context));
        }

        var all = new CompatGridSplit(context, rows);
        var models = Enumerable.Range(0, context.Models.Length).Select(all.Mean).ToArray();
        var costs = Grid(models.Min(m => m.CostUsd), models.Max(m => m.CostUsd), options.Costs);
        var curves = new List<double[]>();
        for (var split = 0; split < options.Splits; split++)
        {
            var (calibration, test) = Halve(context, rows, options.Seed, split);
            if (calibration.Length > 0 && new CompatGridSplit(context, calibration).Envelope(test, costs, options.Thresholds) is { } curve)
            {
                curves.Add(curve);
            }
        }

        return new CompatGridCurve
        {
            CostUsd = [.. costs],
            MedianQuality = [.. Enumerable.Range(0, costs.Length).Select(i => Median(curves, i))],
            Cheapest = models.MinBy(m => m.CostUsd),
            Best = models.MaxBy(m => m.Quality),
        };
    }

    internal static double[] Grid(double from, double to, int points) =>
        [.. Enumerable.Range(0, points).Select(i => i == points - 1 ? to : from + ((to - from) * i / (points - 1)))];

    /// <summary>Calibration makes scores equal that were not, and invents one where the signal is missing; the publication has neither.</summary>
    private static ScoreMatrix Raw(FitContext context) => new(
        [.. context.ScoreModels.Select((model, m) => model is CalibratedScore calibrated
            ? ScoreMatrix.ColumnOf(context.Outcomes, m, new SignalScore { Signal = calibrated.Signal })
            : context.Scores.Column(m).ToArray())]);

    private static int[] ScoredRows(FitContext context) =>
        [.. Enumerable.Range(0, context.Outcomes.RowCount)
            .Where(row => Enumerable.Range(0, context.Models.Length).All(m => !double.IsNaN(context.Scores[m, row])))];

    private static (int[] Calibration, int[] Test) Halve(FitContext context, int[] rows, ulong seed, int split)
    {
        var scope = string.Create(CultureInfo.InvariantCulture, $"halving-{seed}-{split}");
        var calibration = new List<int>();
        foreach (var stratum in rows.GroupBy(row => context.Outcomes.Quality(0)[row] >= 0.5))
        {
            var shuffled = stratum.OrderBy(row => StableMix.Unit(context.Outcomes.Queries[row].Id, scope)).ToArray();
            calibration.AddRange(shuffled[..(shuffled.Length / 2)]);
        }

        return ([.. calibration.Order()], [.. rows.Except(calibration)]);
    }

    private static double Median(List<double[]> curves, int at)
    {
        double[] values = [.. curves.Select(c => c[at]).Where(v => !double.IsNaN(v)).Order()];
        return values.Length == 0 ? double.NaN : (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
