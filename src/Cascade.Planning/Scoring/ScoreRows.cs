using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Scoring;

/// <summary>The rows on which a model's answer has a signal: the signal brought to 0 to 1, the outcome, and the part of the cross-validation.</summary>
internal sealed record ScoreRows(double[] Scores, double[] Outcomes, int[] Folds, int[] Rows)
{
    public static int[] FoldsOf(OutcomeTable table, ScoreFitOptions options)
    {
        var scope = $"score-fold/{options.Seed}";
        var folds = new int[table.RowCount];
        for (var row = 0; row < folds.Length; row++)
        {
            var query = table.Queries[row];
            folds[row] = (int)(StableMix.Unit(query.Text ?? query.Id, scope) * options.Folds);
        }

        return folds;
    }

    public static ScoreRows Of(ReadOnlySpan<double> signal, SignalRange range, ReadOnlySpan<double> quality, int[] folds)
    {
        var rows = new List<int>(signal.Length);
        for (var row = 0; row < signal.Length; row++)
        {
            if (!double.IsNaN(signal[row]) && !double.IsNaN(quality[row]))
            {
                rows.Add(row);
            }
        }

        var (scores, outcomes, parts) = (new double[rows.Count], new double[rows.Count], new int[rows.Count]);
        for (var i = 0; i < scores.Length; i++)
        {
            (scores[i], outcomes[i], parts[i]) = (range.Apply(signal[rows[i]]), quality[rows[i]], folds[rows[i]]);
        }

        return new ScoreRows(scores, outcomes, parts, [.. rows]);
    }

    /// <summary>The rows inside or outside one part.</summary>
    public ScoreRows Part(int fold, bool inside)
    {
        var picked = Enumerable.Range(0, Scores.Length).Where(i => (Folds[i] == fold) == inside).ToArray();
        return new ScoreRows(
            Array.ConvertAll(picked, i => Scores[i]), Array.ConvertAll(picked, i => Outcomes[i]), Array.ConvertAll(picked, i => Folds[i]),
            Array.ConvertAll(picked, i => Rows[i]));
    }
}
