using System.Collections.Immutable;

namespace Cascade.Planning.Estimation;

/// <summary>
/// A ridge regression drawn to the mean by how well it predicts rows it has not seen: <c>mean + slope·(prediction − mean)</c>. A target that
/// features say nothing of becomes a constant. Immutable.
/// </summary>
/// <remarks>
/// The slope is that of the regression of the target on the out-of-fold predictions, 0 to 1, and 0 when their R² is not above 0: the factor with
/// the least squared error. A raw prediction promises more difference between rows than there is, and decisions then chase noise.
/// </remarks>
public sealed record ShrunkRidge
{
    private static readonly double[] Penalties = [0.3, 1, 3, 10, 30, 100];

    /// <summary>The regression on all rows.</summary>
    public required RidgeRegression Model { get; init; }

    /// <summary>The target's mean.</summary>
    public required double Mean { get; init; }

    /// <summary>The share of the regression's differences that is kept, 0 to 1.</summary>
    public required double Slope { get; init; }

    /// <summary>R² of the out-of-fold predictions before shrinking; below 0 when the mean predicts better.</summary>
    public required double CrossValidatedR2 { get; init; }

    /// <summary>The penalty with the least squared error out of fold.</summary>
    public required double Penalty { get; init; }

    /// <summary>Shrunk predictions of every training row by regressions that did not see it: what to choose prices on.</summary>
    public required ImmutableArray<double> OutOfFold { get; init; }

    /// <summary>Fits by cross-validation over penalties from 0.3 to 100.</summary>
    /// <param name="features">The features.</param>
    /// <param name="target">y, one finite value per row.</param>
    /// <param name="folds">The fold of every row, from 0 without gaps; at least two folds.</param>
    /// <returns>The fit.</returns>
    /// <exception cref="ArgumentException">A size or number is outside its range.</exception>
    public static ShrunkRidge Fit(SparseRows features, ReadOnlySpan<double> target, ReadOnlySpan<int> folds)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (folds.Length != features.RowCount || folds.IsEmpty)
        {
            throw new ArgumentException($"{folds.Length} folds for {features.RowCount} rows; give one per row, and at least one row", nameof(folds));
        }

        var (best, penalty, error) = (Array.Empty<double>(), Penalties[0], double.PositiveInfinity);
        foreach (var candidate in Penalties)
        {
            var predictions = Predict(features, target, folds, candidate);
            var squares = SquaredError(target, predictions);
            if (squares < error)
            {
                (best, penalty, error) = (predictions, candidate, squares);
            }
        }

        var mean = Average(target);
        var spread = SquaredError(target, mean);
        var r2 = spread > 0 ? 1 - (error / spread) : 0;
        var slope = r2 > 0 ? Math.Clamp(SlopeOf(target, best), 0, 1) : 0;
        return new ShrunkRidge
        {
            Model = RidgeRegression.Fit(features, target, All(folds.Length), penalty),
            Mean = mean,
            Slope = slope,
            CrossValidatedR2 = r2,
            Penalty = penalty,
            OutOfFold = [.. best.Select(p => mean + (slope * (p - mean)))],
        };
    }

    /// <summary>The shrunk prediction for a row.</summary>
    /// <param name="features">The features.</param>
    /// <param name="row">The row.</param>
    /// <returns>mean + slope·(prediction − mean).</returns>
    public double Predict(SparseRows features, int row) => Mean + (Slope * (Model.Predict(features, row) - Mean));

    private static double[] Predict(SparseRows features, ReadOnlySpan<double> target, ReadOnlySpan<int> folds, double penalty)
    {
        var predictions = new double[folds.Length];
        var count = 1;
        foreach (var fold in folds)
        {
            count = Math.Max(count, fold + 1);
        }

        for (var fold = 0; fold < count; fold++)
        {
            var rest = new List<int>();
            for (var row = 0; row < folds.Length; row++)
            {
                if (folds[row] != fold)
                {
                    rest.Add(row);
                }
            }

            if (rest.Count == 0)
            {
                throw new ArgumentException("all rows are in one fold; give at least two", nameof(folds));
            }

            var model = RidgeRegression.Fit(features, target, rest.ToArray(), penalty);
            for (var row = 0; row < folds.Length; row++)
            {
                predictions[row] = folds[row] == fold ? model.Predict(features, row) : predictions[row];
            }
        }

        return predictions;
    }

    private static int[] All(int count)
    {
        var rows = new int[count];
        for (var i = 0; i < count; i++)
        {
            rows[i] = i;
        }

        return rows;
    }

    private static double Average(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    private static double SquaredError(ReadOnlySpan<double> target, double constant)
    {
        var sum = 0.0;
        foreach (var value in target)
        {
            sum += (value - constant) * (value - constant);
        }

        return sum;
    }

    private static double SquaredError(ReadOnlySpan<double> target, double[] predictions)
    {
        var sum = 0.0;
        for (var i = 0; i < target.Length; i++)
        {
            sum += (target[i] - predictions[i]) * (target[i] - predictions[i]);
        }

        return sum;
    }

    private static double SlopeOf(ReadOnlySpan<double> target, double[] predictions)
    {
        var (meanTarget, meanPrediction) = (Average(target), Average(predictions));
        var (shared, own) = (0.0, 0.0);
        for (var i = 0; i < target.Length; i++)
        {
            shared += (target[i] - meanTarget) * (predictions[i] - meanPrediction);
            own += (predictions[i] - meanPrediction) * (predictions[i] - meanPrediction);
        }

        return own > 0 ? shared / own : 0;
    }
}
