using Cascade.Planning.Calibration;

namespace Cascade.Planning.Optimization;

/// <summary>Logistic regression with a ridge by iteratively reweighted least squares; a step that would raise the penalised loss is halved.</summary>
internal static class RidgeLogistic
{
    private const int MaxIterations = 30;
    private const int MaxHalvings = 20;
    private const double Enough = 1e-9;
    private const double SmallestWeight = 1e-6;

    /// <summary>Fits rows of numbers whose last is 1 for the intercept, which is not penalised; the weights, all 0 without a row.</summary>
    public static double[] Fit(double[] features, int width, IReadOnlyList<int> rows, double[] targets, double penalty)
    {
        var (weights, trial, scaled) = (new double[width], new double[width], new double[width]);
        var loss = Loss(features, rows, targets, weights, penalty);
        for (var iteration = 0; iteration < MaxIterations && rows.Count > 0; iteration++)
        {
            var equations = new NormalEquations(width - 1);
            for (var i = 0; i < rows.Count; i++)
            {
                var row = features.AsSpan(rows[i] * width, width);
                var log = Dot(row, weights);
                var p = LogisticRegression.Sigmoid(log);
                var weight = Math.Max(p * (1 - p), SmallestWeight);
                var root = Math.Sqrt(weight);
                for (var j = 0; j < width; j++)
                {
                    scaled[j] = root * row[j];
                }

                equations.AddRow(scaled);
                equations.AddTarget(scaled, root * (log + ((targets[i] - p) / weight)));
            }

            var next = equations.Solve(penalty);
            var (share, nextLoss) = (1.0, double.PositiveInfinity);
            for (var halving = 0; halving < MaxHalvings && !(nextLoss <= loss); halving++, share /= 2)
            {
                for (var j = 0; j < width; j++)
                {
                    trial[j] = weights[j] + (share * (next[j] - weights[j]));
                }

                nextLoss = Loss(features, rows, targets, trial, penalty);
            }

            if (!(nextLoss < loss - (Enough * (1 + loss))))
            {
                break;
            }

            loss = nextLoss;
            trial.CopyTo(weights, 0);
        }

        return weights;
    }

    private static double Loss(double[] features, IReadOnlyList<int> rows, double[] targets, double[] weights, double penalty)
    {
        var loss = 0.0;
        for (var j = 0; j < weights.Length - 1; j++)
        {
            loss += penalty / 2 * weights[j] * weights[j];
        }

        for (var i = 0; i < rows.Count; i++)
        {
            var z = Dot(features.AsSpan(rows[i] * weights.Length, weights.Length), weights);
            loss += z >= 0 ? ((1 - targets[i]) * z) + Math.Log(1 + Math.Exp(-z)) : (-targets[i] * z) + Math.Log(1 + Math.Exp(z));
        }

        return loss;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
