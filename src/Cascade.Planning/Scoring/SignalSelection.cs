using System.Collections.Immutable;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Scoring;

/// <summary>Finds the one signal, with its transform, whose logistic calibration explains a model's quality best: the lowest log loss of the rows.</summary>
internal static class SignalSelection
{
    private static readonly ConfidenceTransform[] Transforms =
        [ConfidenceTransform.OneSided, ConfidenceTransform.TwoSided, ConfidenceTransform.Identity];

    public static ImmutableArray<ScoreModel?> BestOfEach(FitContext context, Func<string, bool> allows)
    {
        var models = ImmutableArray.CreateBuilder<ScoreModel?>(context.Models.Length);
        for (var m = 0; m < context.Models.Length; m++)
        {
            models.Add(Best(context.Outcomes, m, allows));
        }

        return models.MoveToImmutable();
    }

    /// <summary>Whether any model has a number of a signal.</summary>
    public static bool HasAny(OutcomeTable table, Func<string, bool> allows)
    {
        for (var s = 0; s < table.Signals.Length; s++)
        {
            for (var m = 0; m < table.ModelCount && allows(table.Signals[s]); m++)
            {
                if (HasNumber(table.Signal(m, s)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    public static TransformedScore? Best(OutcomeTable table, int model, Func<string, bool> allows)
    {
        TransformedScore? best = null;
        var bestLoss = double.PositiveInfinity;
        for (var s = 0; s < table.Signals.Length; s++)
        {
            if (!allows(table.Signals[s]) || Best(table, model, s) is not { } score)
            {
                continue;
            }

            var loss = LogLoss(score, table.Signal(model, s), table.Quality(model));
            (best, bestLoss) = loss < bestLoss ? (score, loss) : (best, bestLoss);
        }

        return best;
    }

    /// <summary>The best transform of one signal; null when the model has no number of it.</summary>
    public static TransformedScore? Best(OutcomeTable table, int model, int signal)
    {
        var values = table.Signal(model, signal);
        var scale = TransformedScore.ScaleOf(values);
        TransformedScore? best = null;
        var bestLoss = double.PositiveInfinity;
        foreach (var transform in Transforms)
        {
            if ((scale == SignalScale.Raw && transform != ConfidenceTransform.Identity)
                || TransformedScore.Fit(table.Signals[signal], values, table.Quality(model), scale, transform) is not { } score)
            {
                continue;
            }

            var loss = LogLoss(score, values, table.Quality(model));
            (best, bestLoss) = loss < bestLoss ? (score, loss) : (best, bestLoss);
        }

        return best;
    }

    /// <summary>Rows without the signal are predicted by the mean: a signal that is seldom there explains little.</summary>
    private static double LogLoss(TransformedScore score, ReadOnlySpan<double> values, ReadOnlySpan<double> quality)
    {
        var mean = 0.0;
        foreach (var u in quality)
        {
            mean += u / quality.Length;
        }

        var loss = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            var p = score.Apply(values.Slice(i, 1));
            p = Math.Clamp(double.IsNaN(p) ? mean : p, 1e-12, 1 - 1e-12);
            loss -= (quality[i] * Math.Log(p)) + ((1 - quality[i]) * Math.Log(1 - p));
        }

        return loss;
    }

    private static bool HasNumber(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
            {
                return true;
            }
        }

        return false;
    }
}
