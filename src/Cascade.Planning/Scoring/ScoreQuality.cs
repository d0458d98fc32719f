using Cascade.Planning.Calibration;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Scoring;

/// <summary>How well a score matches and ranks what came true on rows it was not fitted on, before calibration and after.</summary>
/// <remarks>Before: the signal brought to 0 to 1 by <see cref="SignalRange"/>. Rows without the signal are left out. NaN when there is nothing to measure on.</remarks>
public sealed record ScoreQuality
{
    /// <summary>Bins of the expected calibration error, of equal width.</summary>
    public const int Bins = 10;

    /// <summary>Rows with the signal.</summary>
    public required int Rows { get; init; }

    /// <summary>Expected calibration error before, 0 to 1.</summary>
    public required double EceBefore { get; init; }

    /// <summary>Expected calibration error after, 0 to 1.</summary>
    public required double EceAfter { get; init; }

    /// <summary>Brier score before, 0 to 1.</summary>
    public required double BrierBefore { get; init; }

    /// <summary>Brier score after, 0 to 1.</summary>
    public required double BrierAfter { get; init; }

    /// <summary>Area under the ROC curve of "the answer is right" before; a quality of one half or more counts as right.</summary>
    public required double AurocBefore { get; init; }

    /// <summary>The same after; it differs where calibration makes scores equal or, for histograms, reverses them.</summary>
    public required double AurocAfter { get; init; }

    /// <summary>Measures.</summary>
    /// <param name="table">Rows that the score was not fitted on.</param>
    /// <param name="model">Index of the model.</param>
    /// <param name="score">The model's score.</param>
    /// <returns>The measures.</returns>
    /// <exception cref="ArgumentException">The table lacks the signal.</exception>
    public static ScoreQuality Of(OutcomeTable table, int model, CalibratedScore score)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(score);
        var signal = table.Signals.IndexOf(score.Signal);
        if (signal < 0)
        {
            throw new ArgumentException($"the outcomes have no signal '{score.Signal}'; they have {string.Join(", ", table.Signals)}", nameof(score));
        }

        var rows = ScoreRows.Of(table.Signal(model, signal), score.Range, table.Quality(model), new int[table.RowCount]);
        var (before, outcomes) = (rows.Scores, rows.Outcomes);
        var after = Array.ConvertAll(before, score.Map.Apply);
        var right = Array.ConvertAll(outcomes, u => u >= 0.5);
        var any = before.Length > 0;
        return new ScoreQuality
        {
            Rows = before.Length,
            EceBefore = any ? CalibrationMetrics.ExpectedCalibrationError(before, outcomes, Bins, Binning.EqualWidth) : double.NaN,
            EceAfter = any ? CalibrationMetrics.ExpectedCalibrationError(after, outcomes, Bins, Binning.EqualWidth) : double.NaN,
            BrierBefore = any ? CalibrationMetrics.Brier(before, outcomes).Brier : double.NaN,
            BrierAfter = any ? CalibrationMetrics.Brier(after, outcomes).Brier : double.NaN,
            AurocBefore = any ? CalibrationMetrics.Auroc(before, right) : double.NaN,
            AurocAfter = any ? CalibrationMetrics.Auroc(after, right) : double.NaN,
        };
    }
}
