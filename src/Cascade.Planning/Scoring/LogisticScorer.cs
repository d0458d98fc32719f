using System.Collections.Immutable;
using System.Globalization;
using Cascade.Planning.Calibration;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Scoring;

/// <summary>
/// Fits a <see cref="LogisticScore"/> per model on the quality of its answers: what FrugalGPT's scorer (Chen, Zaharia and Zou, arXiv 2305.05176)
/// does with the answer's text, done with every signal the outcomes have and the length of the answer.
/// </summary>
public static class LogisticScorer
{
    /// <summary>Parts that rows are cut into to score each by a fit that has not seen it.</summary>
    public const int Folds = 5;

    private const int MaxIterations = 100;

    /// <summary>Fits one score per model on all rows.</summary>
    /// <param name="table">The rows, at least one; every model has an outcome on every row.</param>
    /// <returns>One score model per model; null where no signal takes two values.</returns>
    public static ImmutableArray<ScoreModel?> Fit(OutcomeTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        int[] rows = [.. Enumerable.Range(0, table.RowCount)];
        return [.. Enumerable.Range(0, table.ModelCount).Select(m => Fit(table, m, rows))];
    }

    /// <summary>
    /// Scores every answer by a fit on the other folds' rows. Thresholds fitted on scores of rows that the scorer was trained on would trust it
    /// too much. Copies of a query are in one fold.
    /// </summary>
    /// <param name="table">The rows, at least one; every model has an outcome on every row.</param>
    /// <param name="seed">Another seed cuts the rows otherwise.</param>
    /// <returns>The scores; NaN where the other folds have no signal.</returns>
    public static ScoreMatrix CrossFit(OutcomeTable table, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(table);
        var scope = string.Create(CultureInfo.InvariantCulture, $"scorer-{seed}");
        var fold = Enumerable.Range(0, table.RowCount)
            .ToLookup(row => (int)(StableMix.Unit(table.Queries[row].Text ?? table.Queries[row].Id, scope) * Folds));
        int[] models = [.. Enumerable.Range(0, table.ModelCount)];
        var columns = Array.ConvertAll(models, _ => new double[table.RowCount]);
        foreach (var inside in fold)
        {
            int[] outside = [.. fold.Where(f => f.Key != inside.Key).SelectMany(f => f)];
            int[] rows = [.. inside];
            var scored = ScoreMatrix.Of(table.Select(models, rows), [.. models.Select(m => Fit(table, m, outside))]);
            foreach (var m in models)
            {
                for (var i = 0; i < rows.Length; i++)
                {
                    columns[m][rows[i]] = scored[m, i];
                }
            }
        }

        return new ScoreMatrix(columns);
    }

    /// <summary>Whether any model has something to be scored by.</summary>
    internal static bool CanScore(OutcomeTable table)
    {
        int[] rows = [.. Enumerable.Range(0, table.RowCount)];
        return Enumerable.Range(0, table.ModelCount)
            .Any(m => Signals(table).Any(name => Describe(name, Pick(ScoreMatrix.Source(table, m, name), rows)) is not null));
    }

    private static IEnumerable<string> Signals(OutcomeTable table) => table.Signals.Append(ScoreMatrix.OutputTokens).Distinct();

    private static LogisticScore? Fit(OutcomeTable table, int model, int[] rows)
    {
        var terms = new List<LogisticTerm>();
        var columns = new List<double[]>();
        foreach (var name in Signals(table))
        {
            var values = Pick(ScoreMatrix.Source(table, model, name), rows);
            if (Describe(name, values) is { } term)
            {
                terms.Add(term);
                columns.Add(Array.ConvertAll(values, v => double.IsNaN(v) ? 0 : term.Standardise(v)));
            }
        }

        if (terms.Count == 0)
        {
            return null;
        }

        var targets = LogisticRegression.Targets(Pick(table.Quality(model), rows));
        var weights = LogisticRegression.Fit([.. columns], targets, MaxIterations, out _);
        return new LogisticScore { Terms = [.. terms.Select((t, i) => t with { Weight = weights[i] })], Intercept = weights[^1] };
    }

    private static LogisticTerm? Describe(string name, double[] values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0 || finite.Min() == finite.Max())
        {
            return null;
        }

        var (lowest, highest) = (finite.Min(), finite.Max());
        double[] clamped = [.. values.Where(v => !double.IsNaN(v)).Select(v => Math.Clamp(v, lowest, highest))];
        var mean = clamped.Average();
        var scale = Math.Sqrt(clamped.Average(v => (v - mean) * (v - mean)));
        return scale > 0 && double.IsFinite(scale)
            ? new LogisticTerm { Signal = name, Weight = 0, Centre = mean, Scale = scale, Lowest = lowest, Highest = highest }
            : null;
    }

    private static double[] Pick(ReadOnlySpan<double> column, int[] rows)
    {
        var picked = new double[rows.Length];
        for (var i = 0; i < picked.Length; i++)
        {
            picked[i] = column[rows[i]];
        }

        return picked;
    }
}
