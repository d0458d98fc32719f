using System.Collections.Immutable;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Scoring;

/// <summary>
/// Fits a score model for every model: picks the signal that best tells where a better model improves the answer, and the calibrator with the
/// lowest cross-validated log loss. Of calibrators within one standard error (of the paired difference over rows) of the lowest, the first of
/// <see cref="CalibratorKind"/> is taken, so that scores keep their order and their differences unless steps are clearly better. A calibrator that
/// makes all scores equal is passed over as long as another does not.
/// </summary>
/// <remarks>
/// A signal that ranks right answers below wrong ones is left out, and <see cref="SignalTrial"/> says so; nothing is turned round. NaN counts as
/// "no signal": its rows make <see cref="CalibratedScore.WithoutSignal"/>, drawn to the model's mean by n/(n + 20).
/// </remarks>
public static class ScoreModelFitter
{
    /// <summary>Rows that the model's mean counts for against the rows without a signal.</summary>
    private const double PriorRows = 20;

    /// <summary>Fits all models of a table.</summary>
    /// <param name="table">The rows to fit on, at least one.</param>
    /// <param name="options">The limits.</param>
    /// <returns>One fit per model, in the table's order.</returns>
    /// <exception cref="ArgumentException">The table has no rows, or a limit is out of its range.</exception>
    public static ImmutableArray<ScoreModelFit> FitAll(OutcomeTable table, ScoreFitOptions options)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        if (table.RowCount == 0)
        {
            throw new ArgumentException("there is no row to fit score models on; give at least one", nameof(table));
        }

        if (options.Folds < 2 || options.HistogramBins < 1)
        {
            throw new ArgumentException(
                $"{options.Folds} folds and {options.HistogramBins} bins do not make a comparison; give at least 2 folds and 1 bin", nameof(options));
        }

        var folds = ScoreRows.FoldsOf(table, options);
        return [.. Enumerable.Range(0, table.ModelCount).Select(m => Fit(table, m, folds, options))];
    }

    private static ScoreModelFit Fit(OutcomeTable table, int model, int[] folds, ScoreFitOptions options)
    {
        var (trials, chosen) = SignalChoice.Choose(table, model, folds, options);
        if (chosen < 0)
        {
            return new ScoreModelFit { Model = table.Models[model], Signals = [.. trials] };
        }

        var signal = table.Signal(model, chosen);
        var (range, map, calibrators) = CalibratorChoice.Choose(signal, table.Quality(model), folds, options);
        return new ScoreModelFit
        {
            Model = table.Models[model],
            Signals = [.. trials],
            Calibrators = calibrators,
            Score = new CalibratedScore
            {
                Signal = table.Signals[chosen],
                Range = range,
                Map = map,
                WithoutSignal = WithoutSignal(signal, table.Quality(model)),
            },
        };
    }

    private static double WithoutSignal(ReadOnlySpan<double> signal, ReadOnlySpan<double> quality)
    {
        var mean = RecordedMean.Of(quality);
        var (sum, count) = (0.0, 0);
        for (var row = 0; row < signal.Length; row++)
        {
            if (double.IsNaN(signal[row]) && !double.IsNaN(quality[row]))
            {
                sum += quality[row];
                count++;
            }
        }

        return Math.Clamp((sum + (PriorRows * mean)) / (count + PriorRows), 0, 1);
    }
}
