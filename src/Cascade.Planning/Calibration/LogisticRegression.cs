namespace Cascade.Planning.Calibration;

/// <summary>
/// Logistic regression on a few columns by Newton's method with backtracking and a ridge of 1e-12 on the Hessian, after Lin, Lin and Weng,
/// "A note on Platt's probabilistic outputs for support vector machines", Machine Learning 68 (2007). It runs in <see cref="OrthogonalBasis"/>,
/// where 1e-12 and the tolerances are small for any column: on one of 1e-7 as it is, 1e-12 would be larger than its curvature, 1e-14.
/// </summary>
internal static class LogisticRegression
{
    private const double Ridge = 1e-12;
    private const double SmallestStep = 1e-10;
    private const double Flat = 1e-9;
    private const double SufficientDecrease = 1e-4;

    /// <summary>Without it, steps next to the optimum are refused over the last bits of the loss.</summary>
    private const double Rounding = 1e-13;

    /// <summary>
    /// The regularised targets of Lin, Lin and Weng: y·(N₊+1)/(N₊+2) + (1−y)/(N₋+2) with N₊ = Σy. They are never 0 or 1, so that a maximum exists
    /// even for data that one threshold separates.
    /// </summary>
    public static double[] Targets(ReadOnlySpan<double> outcomes)
    {
        var positives = 0.0;
        foreach (var y in outcomes)
        {
            positives += y;
        }

        var high = (positives + 1) / (positives + 2);
        var low = 1 / (outcomes.Length - positives + 2);
        var targets = new double[outcomes.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = (outcomes[i] * high) + ((1 - outcomes[i]) * low);
        }

        return targets;
    }

    /// <summary>Fits; returns the columns' weights and the intercept last. A column that adds nothing to the earlier ones weighs 0.</summary>
    public static double[] Fit(double[][] columns, double[] targets, int maxIterations, out bool converged)
    {
        var basis = new OrthogonalBasis(columns, targets.Length);
        return basis.Original(Minimise(basis.Columns, targets, maxIterations, out converged));
    }

    public static double Sigmoid(double z) => z >= 0 ? 1 / (1 + Math.Exp(-z)) : Math.Exp(z) / (1 + Math.Exp(z));

    private static double[] Minimise(double[][] columns, double[] targets, int maxIterations, out bool converged)
    {
        var size = columns.Length + 1;
        var (weights, trial) = (new double[size], new double[size]);
        var (gradient, hessian, step) = (new double[size], new double[size, size], new double[size]);
        var loss = Loss(columns, targets, weights);
        for (var iteration = 0; iteration < maxIterations; iteration++)
        {
            Derive(columns, targets, weights, gradient, hessian);
            if (gradient.Max(Math.Abs) < Flat * targets.Length)
            {
                converged = true;
                return weights;
            }

            Solve(hessian, gradient, step);
            var descent = 0.0;
            for (var i = 0; i < size; i++)
            {
                descent += gradient[i] * step[i];
            }

            var share = 1.0;
            for (; share >= SmallestStep; share /= 2)
            {
                for (var i = 0; i < size; i++)
                {
                    trial[i] = weights[i] - (share * step[i]);
                }

                var next = Loss(columns, targets, trial);
                if (next <= loss - (SufficientDecrease * share * descent) + (Rounding * (1 + loss)))
                {
                    loss = next;
                    break;
                }
            }

            if (share < SmallestStep)
            {
                // The loss no longer falls in double precision: what is left of the gradient is rounding.
                converged = gradient.Max(Math.Abs) < 1e-6 * targets.Length;
                return weights;
            }

            trial.CopyTo(weights, 0);
        }

        converged = false;
        return weights;
    }

    private static double Linear(double[][] columns, double[] weights, int row)
    {
        var z = weights[^1];
        for (var j = 0; j < columns.Length; j++)
        {
            z += weights[j] * columns[j][row];
        }

        return z;
    }

    private static double Loss(double[][] columns, double[] targets, double[] weights)
    {
        var loss = 0.0;
        for (var i = 0; i < targets.Length; i++)
        {
            var z = Linear(columns, weights, i);
            loss += z >= 0 ? ((1 - targets[i]) * z) + Math.Log(1 + Math.Exp(-z)) : (-targets[i] * z) + Math.Log(1 + Math.Exp(z));
        }

        return loss;
    }

    private static void Derive(double[][] columns, double[] targets, double[] weights, double[] gradient, double[,] hessian)
    {
        var size = gradient.Length;
        Array.Clear(gradient);
        Array.Clear(hessian);
        for (var i = 0; i < targets.Length; i++)
        {
            var p = Sigmoid(Linear(columns, weights, i));
            for (var a = 0; a < size; a++)
            {
                var xa = a < columns.Length ? columns[a][i] : 1;
                gradient[a] += (p - targets[i]) * xa;
                for (var b = 0; b <= a; b++)
                {
                    hessian[a, b] += p * (1 - p) * xa * (b < columns.Length ? columns[b][i] : 1);
                }
            }
        }

        for (var a = 0; a < size; a++)
        {
            hessian[a, a] += Ridge + (Ridge * hessian[a, a]);
        }
    }

    /// <summary>Cholesky in place of the lower triangle, then both substitutions.</summary>
    private static void Solve(double[,] matrix, double[] right, double[] result)
    {
        var size = right.Length;
        for (var i = 0; i < size; i++)
        {
            var pivotFloor = Ridge * matrix[i, i];
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i, j];
                for (var k = 0; k < j; k++)
                {
                    sum -= matrix[i, k] * matrix[j, k];
                }

                matrix[i, j] = i == j ? Math.Sqrt(Math.Max(sum, pivotFloor)) : sum / matrix[j, j];
            }
        }

        for (var i = 0; i < size; i++)
        {
            result[i] = right[i];
            for (var k = 0; k < i; k++)
            {
                result[i] -= matrix[i, k] * result[k];
            }

            result[i] /= matrix[i, i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < size; k++)
            {
                result[i] -= matrix[k, i] * result[k];
            }

            result[i] /= matrix[i, i];
        }
    }
}
