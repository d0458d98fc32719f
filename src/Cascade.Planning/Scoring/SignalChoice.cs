using Cascade.Planning.Calibration;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Scoring;

/// <summary>
/// Chooses the signal of a model: the one that best tells, on average over the parts of the cross-validation, where a better model improves the
/// answer; for a model that none betters, where the answer is right. The first signal within one standard error of the best is taken.
/// </summary>
internal static class SignalChoice
{
    public static (SignalTrial[] Trials, int Chosen) Choose(OutcomeTable table, int model, int[] folds, ScoreFitOptions options)
    {
        var trials = new SignalTrial[table.Signals.Length];
        var usable = new List<int>();
        for (var s = 0; s < trials.Length; s++)
        {
            trials[s] = Try(table, model, s);
            if (trials[s].Verdict == SignalVerdict.NotTheBest)
            {
                usable.Add(s);
            }
        }

        if (usable.Count == 0)
        {
            return (trials, -1);
        }

        var chosen = usable.Count == 1 ? usable[0] : Best(table, model, usable, folds, options.Folds);
        trials[chosen] = trials[chosen] with { Verdict = SignalVerdict.Used };
        return (trials, chosen);
    }

    private static SignalTrial Try(OutcomeTable table, int model, int signal)
    {
        var name = table.Signals[signal];
        var column = table.Signal(model, signal);
        var range = SignalRange.Of(column);
        var rows = range.Count == 0 ? null : ScoreRows.Of(column, range[^1], table.Quality(model), new int[column.Length]);
        if (rows is null || rows.Scores.Length == 0)
        {
            return new SignalTrial(name, SignalVerdict.Missing, 0, double.NaN, double.NaN);
        }

        if (rows.Scores.AsSpan().IndexOfAnyExcept(rows.Scores[0]) < 0)
        {
            return new SignalTrial(name, SignalVerdict.Constant, rows.Scores.Length, 0.5, 0.5);
        }

        var auroc = Auroc(rows);
        var verdict = auroc < 0.5 ? SignalVerdict.WorseThanChance : SignalVerdict.NotTheBest;
        return new SignalTrial(name, verdict, rows.Scores.Length, auroc, BenefitAuroc(table, model, rows));
    }

    private static int Best(OutcomeTable table, int model, List<int> usable, int[] folds, int parts)
    {
        var values = new double[usable.Count][];
        for (var i = 0; i < values.Length; i++)
        {
            var column = table.Signal(model, usable[i]);
            var rows = ScoreRows.Of(column, SignalRange.Of(column)[^1], table.Quality(model), folds);
            values[i] = [.. Enumerable.Range(0, parts).Select(f => Criterion(table, model, rows.Part(f, inside: true)))];
        }

        var means = Array.ConvertAll(values, v => v.Average());
        var best = Array.IndexOf(means, means.Max());
        for (var i = 0; i < best; i++)
        {
            if (means[best] - means[i] <= PairedError(values[best], values[i]))
            {
                return usable[i];
            }
        }

        return usable[best];
    }

    private static double Criterion(OutcomeTable table, int model, ScoreRows rows)
    {
        if (rows.Scores.Length == 0)
        {
            return 0.5;
        }

        var benefit = BenefitAuroc(table, model, rows);
        var auroc = double.IsNaN(benefit) ? Auroc(rows) : benefit;
        return double.IsNaN(auroc) ? 0.5 : auroc;
    }

    private static double PairedError(double[] a, double[] b)
    {
        var differences = a.Zip(b, (x, y) => x - y).ToArray();
        var mean = differences.Average();
        return Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (differences.Length - 1) / differences.Length);
    }

    private static double Auroc(ScoreRows rows) => CalibrationMetrics.Auroc(rows.Scores, Array.ConvertAll(rows.Outcomes, u => u >= 0.5));

    private static double BenefitAuroc(OutcomeTable table, int model, ScoreRows rows)
    {
        var negated = Array.ConvertAll(rows.Scores, s => -s);
        var own = RecordedMean.Of(table.Quality(model));
        var (sum, count) = (0.0, 0);
        for (var other = 0; other < table.ModelCount; other++)
        {
            if (other == model || !(RecordedMean.Of(table.Quality(other)) > own))
            {
                continue;
            }

            var helps = new bool[negated.Length];
            for (var i = 0; i < helps.Length; i++)
            {
                helps[i] = table.Quality(other)[rows.Rows[i]] > rows.Outcomes[i];
            }

            var auroc = CalibrationMetrics.Auroc(negated, helps);
            (sum, count) = double.IsNaN(auroc) ? (sum, count) : (sum + auroc, count + 1);
        }

        return count == 0 ? double.NaN : sum / count;
    }
}
