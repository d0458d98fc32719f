using Cascade.Planning.Calibration;
using Cascade.Planning.Frontier;
using Cascade.Planning.Optimization;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Fitting;

/// <summary>
/// The signals of one draft model's answers as rows of numbers, in folds: a row is never scored by weights that have seen its outcome, nor that of
/// a copy of its question.
/// </summary>
internal sealed class DeferralRows
{
    private const int Folds = 5;
    private const double LogisticPenalty = 10;

    /// <summary>Ridges tried, in rows: a weight is drawn to 0 as if that many rows without effect had been seen.</summary>
    private static readonly double[] Penalties = [3, 30, 300, 3_000, 30_000];

    private readonly int _width;
    private readonly double[] _features;
    private readonly int[] _folds;
    private readonly NormalEquations[] _equations;

    public DeferralRows(OutcomeTable table, int model, ulong seed)
    {
        Features = SignalFeatures.Of(table, model);
        _width = Features.Count + 1;
        _features = new double[table.RowCount * _width];
        _folds = new int[table.RowCount];
        _equations = [.. Enumerable.Range(0, Folds).Select(_ => new NormalEquations(_width - 1))];
        var signals = new double[Features.Signals.Length];
        for (var row = 0; row < _folds.Length; row++)
        {
            for (var i = 0; i < signals.Length; i++)
            {
                signals[i] = ScoreMatrix.Source(table, model, Features.Signals[i])[row];
            }

            var features = _features.AsSpan(row * _width, _width);
            Features.Write(signals, features);
            features[^1] = 1;
            _folds[row] = (int)(StableMix.Unit(table.Queries[row].Text ?? table.Queries[row].Id, $"deferral {seed}") * Folds);
            _equations[_folds[row]].AddRow(features);
        }
    }

    public SignalFeatures Features { get; }

    /// <summary>Fits benefit or rescue of one strong model.</summary>
    /// <returns>The rule of all rows, and each row's score by the rule of the other folds.</returns>
    public (BenefitScore Score, double[] CrossFitted) Fit(double[] benefit, DeferralTarget target) =>
        target == DeferralTarget.Benefit ? FitRidge(benefit) : FitLogistic(benefit);

    private (BenefitScore Score, double[] CrossFitted) FitRidge(double[] benefit)
    {
        foreach (var equation in _equations)
        {
            equation.ClearTargets();
        }

        for (var row = 0; row < _folds.Length; row++)
        {
            _equations[_folds[row]].AddTarget(_features.AsSpan(row * _width, _width), benefit[row]);
        }

        var (best, bestError, bestPenalty) = (Array.Empty<double>(), double.PositiveInfinity, 0.0);
        var training = Enumerable.Range(0, Folds).Select(Without).ToArray();
        foreach (var penalty in Penalties)
        {
            var scores = CrossFit(Array.ConvertAll(training, t => t.Solve(penalty)), isLogistic: false);
            var error = 0.0;
            for (var row = 0; row < scores.Length; row++)
            {
                var miss = 1 - (2 * scores[row]) - benefit[row];
                error += miss * miss;
            }

            (best, bestError, bestPenalty) = error < bestError ? (scores, error, penalty) : (best, bestError, bestPenalty);
        }

        return (Score(Without(-1).Solve(bestPenalty), isLogistic: false), best);
    }

    private (BenefitScore Score, double[] CrossFitted) FitLogistic(double[] benefit)
    {
        var weights = new double[Folds][];
        for (var fold = 0; fold < Folds; fold++)
        {
            weights[fold] = Regress(benefit, fold);
        }

        return (Score(Regress(benefit, -1), isLogistic: true), CrossFit(weights, isLogistic: true));
    }

    private double[] Regress(double[] benefit, int leftOut)
    {
        var rows = Enumerable.Range(0, _folds.Length).Where(row => _folds[row] != leftOut).ToArray();
        var targets = LogisticRegression.Targets(Array.ConvertAll(rows, row => Math.Max(0, benefit[row])));
        return RidgeLogistic.Fit(_features, _width, rows, targets, LogisticPenalty);
    }

    private NormalEquations Without(int fold)
    {
        var sum = new NormalEquations(_width - 1);
        for (var f = 0; f < Folds; f++)
        {
            if (f != fold)
            {
                sum.Add(_equations[f]);
            }
        }

        return sum;
    }

    private double[] CrossFit(double[][] weights, bool isLogistic)
    {
        var scores = new double[_folds.Length];
        for (var row = 0; row < scores.Length; row++)
        {
            scores[row] = BenefitScore.Of(weights[_folds[row]], _features.AsSpan(row * _width, _width - 1), isLogistic);
        }

        return scores;
    }

    private BenefitScore Score(double[] weights, bool isLogistic) =>
        new() { Features = Features, Weights = [.. weights], IsLogistic = isLogistic };
}
