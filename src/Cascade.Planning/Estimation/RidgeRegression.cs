using System.Collections.Immutable;

namespace Cascade.Planning.Estimation;

/// <summary>A linear function of sparse features: <c>b + w·x</c> with the w and b that minimise <c>Σ (y − b − w·x)² + penalty·|w|²</c>. Immutable.</summary>
/// <param name="Intercept">b; not penalised.</param>
/// <param name="Weights">w, one per feature.</param>
public sealed record RidgeRegression(double Intercept, ImmutableArray<double> Weights)
{
    private const int MostSteps = 200;
    private const double Tolerance = 1e-14;

    /// <summary>
    /// Fits by conjugate gradients on the normal equations, at most 200 steps of time in proportion to the entries; the same input gives the same
    /// result.
    /// </summary>
    /// <param name="features">The features.</param>
    /// <param name="target">y, one finite value per row of the features.</param>
    /// <param name="rows">The rows to fit on; at least one.</param>
    /// <param name="penalty">The penalty, above 0.</param>
    /// <returns>The fit.</returns>
    /// <exception cref="ArgumentException">A size or number is outside its range.</exception>
    public static RidgeRegression Fit(SparseRows features, ReadOnlySpan<double> target, ReadOnlySpan<int> rows, double penalty)
    {
        ArgumentNullException.ThrowIfNull(features);
        var check = new ColumnCheck(features.RowCount);
        check.Length(target.Length, nameof(target));
        check.Range(target, nameof(target), -ColumnCheck.LargestCost, ColumnCheck.LargestCost);
        check.Throw(nameof(target));
        if (rows.IsEmpty || !double.IsFinite(penalty) || penalty <= 0)
        {
            throw new ArgumentException($"{rows.Length} rows with penalty {penalty}: give at least one row and a penalty above 0", nameof(rows));
        }

        var mean = 0.0;
        foreach (var row in rows)
        {
            mean += target[row] / rows.Length;
        }

        var weights = Solve(features, target, rows, penalty, mean);
        return new RidgeRegression(mean + weights[^1], [.. weights.AsSpan(0, features.ColumnCount)]);
    }

    /// <summary>The value for a row.</summary>
    /// <param name="features">The features, as many as there are weights.</param>
    /// <param name="row">The row.</param>
    /// <returns>b + w·x.</returns>
    public double Predict(SparseRows features, int row)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Intercept + features.Dot(row, Weights.AsSpan());
    }

    // The last place is the intercept's.
    private static double[] Solve(SparseRows features, ReadOnlySpan<double> target, ReadOnlySpan<int> rows, double penalty, double mean)
    {
        var size = features.ColumnCount + 1;
        var (weights, residual, image) = (new double[size], new double[size], new double[size]);
        foreach (var row in rows)
        {
            features.AddScaled(row, target[row] - mean, residual);
            residual[^1] += target[row] - mean;
        }

        var direction = residual.ToArray();
        var start = Square(residual);
        var square = start;
        for (var step = 0; step < MostSteps && square > Tolerance * start; step++)
        {
            Multiply(features, rows, penalty, direction, image);
            var length = square / Dot(direction, image);
            for (var i = 0; i < size; i++)
            {
                weights[i] += length * direction[i];
                residual[i] -= length * image[i];
            }

            var next = Square(residual);
            for (var i = 0; i < size; i++)
            {
                direction[i] = residual[i] + (next / square * direction[i]);
            }

            square = next;
        }

        return weights;
    }

    private static void Multiply(SparseRows features, ReadOnlySpan<int> rows, double penalty, double[] vector, double[] image)
    {
        for (var i = 0; i < vector.Length - 1; i++)
        {
            image[i] = penalty * vector[i];
        }

        image[^1] = 0;
        foreach (var row in rows)
        {
            var dot = features.Dot(row, vector) + vector[^1];
            features.AddScaled(row, dot, image);
            image[^1] += dot;
        }
    }

    private static double Square(double[] vector) => Dot(vector, vector);

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
