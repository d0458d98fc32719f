using System.Collections.Immutable;

namespace Cascade.Planning.Scoring;

/// <summary>Chooses how a signal is brought to 0 to 1 and calibrated, by cross-validated log loss.</summary>
internal static class CalibratorChoice
{
    public static (SignalRange Range, CalibrationMap Map, ImmutableArray<CalibratorTrial> Trials) Choose(
        ReadOnlySpan<double> signal, ReadOnlySpan<double> quality, int[] folds, ScoreFitOptions options)
    {
        var tries = new List<(SignalRange Range, ScoreRows Rows, CalibratorKind Kind)>();
        foreach (var range in SignalRange.Of(signal))
        {
            var rows = ScoreRows.Of(signal, range, quality, folds);
            tries.AddRange(Eligible(rows.Scores.Length, range, options).Select(kind => (range, rows, kind)));
        }

        var losses = tries.Select(t => CalibratorFitting.CrossValidatedLosses(t.Kind, t.Rows, options)).ToArray();
        var isCompared = tries[0].Rows.Scores.Length >= options.FewestRowsToCompare && losses.All(l => l is not null);
        var means = Array.ConvertAll(losses, l => isCompared ? l!.Average() : double.NaN);
        var best = isCompared ? Array.IndexOf(means, means.Min()) : 0;
        var errors = Array.ConvertAll(losses, l => isCompared ? PairedError(l!, losses[best]!) : double.NaN);
        var maps = tries.Select(t => CalibratorFitting.Fit(t.Kind, t.Rows, options)).ToArray();
        var order = Enumerable.Range(0, maps.Length)
            .OrderBy(i => !isCompared || means[i] - means[best] <= errors[i] ? 0 : 1)
            .ThenBy(i => isCompared && means[i] - means[best] > errors[i] ? means[i] : 0)
            .ThenBy(i => i);
        var used = order.Cast<int?>().FirstOrDefault(i => !CalibratorFitting.IsConstant(maps[i!.Value])) ?? best;
        return (tries[used].Range, maps[used], [.. tries.Select((t, i) => new CalibratorTrial(t.Range.Form, t.Kind, i == used, means[i], errors[i]))]);
    }

    /// <summary>Simple ones first. With few rows there is nothing to compare.</summary>
    private static List<CalibratorKind> Eligible(int rows, SignalRange range, ScoreFitOptions options)
    {
        if (rows < options.FewestRowsToCompare)
        {
            return [CalibratorKind.Platt];
        }

        List<CalibratorKind> kinds = range.Form == SignalForm.Unit ? [CalibratorKind.Identity] : [];
        kinds.AddRange([CalibratorKind.Platt, CalibratorKind.Beta]);
        if (rows >= options.FewestRowsForSteps)
        {
            kinds.AddRange([CalibratorKind.Isotonic, CalibratorKind.Histogram]);
        }

        return kinds;
    }

    private static double PairedError(double[] losses, double[] lowest)
    {
        var n = losses.Length;
        var (mean, squares) = (0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            var change = losses[i] - lowest[i] - mean;
            mean += change / (i + 1);
            squares += change * (losses[i] - lowest[i] - mean);
        }

        return n < 2 ? 0 : Math.Sqrt(squares / (n - 1) / n);
    }
}
