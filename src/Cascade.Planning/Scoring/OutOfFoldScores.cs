using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Scoring;

/// <summary>
/// Scores on the rows to fit on by calibrators that did not see them. Steps and bins follow the rows they are fitted on so closely that what is learned
/// from their scores there is too good; maps of two or three parameters are left as they are, since averages out of fold would only make them noisy.
/// </summary>
internal static class OutOfFoldScores
{
    public static ScoreMatrix Of(FitContext context)
    {
        var options = new ScoreFitOptions { Seed = context.Options.Seed };
        var folds = ScoreRows.FoldsOf(context.Outcomes, options);
        return new ScoreMatrix([.. context.ScoreModels.Select((model, m) => model is CalibratedScore { Map: StepMap or BinMap } score
            ? Column(context.Outcomes, m, score, folds, options)
            : context.Scores.Column(m).ToArray())]);
    }

    private static double[] Column(OutcomeTable table, int model, CalibratedScore score, int[] folds, ScoreFitOptions options)
    {
        var (kind, settings) = score.Map is BinMap bins
            ? (CalibratorKind.Histogram, options with { HistogramBins = bins.Values.Length })
            : (CalibratorKind.Isotonic, options);
        var column = ScoreMatrix.ColumnOf(table, model, score);
        var rows = ScoreRows.Of(ScoreMatrix.Source(table, model, score.Signal), score.Range, table.Quality(model), folds);
        for (var fold = 0; fold < options.Folds; fold++)
        {
            var train = rows.Part(fold, inside: false);
            if (train.Scores.Length == 0)
            {
                continue;
            }

            var map = CalibratorFitting.Fit(kind, train, settings);
            for (var i = 0; i < rows.Rows.Length; i++)
            {
                if (rows.Folds[i] == fold)
                {
                    column[rows.Rows[i]] = map.Apply(rows.Scores[i]);
                }
            }
        }

        return column;
    }
}
