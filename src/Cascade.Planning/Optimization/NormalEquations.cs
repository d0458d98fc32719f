namespace Cascade.Planning.Optimization;

/// <summary>XᵀX and Xᵀy of rows with an intercept, to add up over parts of the rows and to solve with a ridge.</summary>
internal sealed class NormalEquations(int columns)
{
    private readonly double[,] _gram = new double[columns + 1, columns + 1];
    private readonly double[] _right = new double[columns + 1];

    /// <summary>Takes in a row; the last of its numbers must be 1, for the intercept.</summary>
    public void AddRow(ReadOnlySpan<double> row)
    {
        for (var a = 0; a < row.Length; a++)
        {
            for (var b = 0; b <= a && row[a] != 0; b++)
            {
                _gram[a, b] += row[a] * row[b];
            }
        }
    }

    public void AddTarget(ReadOnlySpan<double> row, double target)
    {
        for (var a = 0; a < row.Length; a++)
        {
            _right[a] += row[a] * target;
        }
    }

    public void ClearTargets() => Array.Clear(_right);

    public void Add(NormalEquations other)
    {
        for (var a = 0; a < _right.Length; a++)
        {
            _right[a] += other._right[a];
            for (var b = 0; b <= a; b++)
            {
                _gram[a, b] += other._gram[a, b];
            }
        }
    }

    /// <summary>The weights, the intercept last, which alone is not penalised; all 0 when there is no row.</summary>
    public double[] Solve(double penalty)
    {
        var size = _right.Length;
        var (lower, weights) = ((double[,])_gram.Clone(), (double[])_right.Clone());
        if (!(_gram[size - 1, size - 1] > 0))
        {
            return new double[size];
        }

        for (var i = 0; i < size; i++)
        {
            lower[i, i] += i < size - 1 ? penalty : 0;
            var floor = 1e-12 * (1 + lower[i, i]);
            for (var j = 0; j <= i; j++)
            {
                var sum = lower[i, j];
                for (var k = 0; k < j; k++)
                {
                    sum -= lower[i, k] * lower[j, k];
                }

                lower[i, j] = i == j ? Math.Sqrt(Math.Max(sum, floor)) : sum / lower[j, j];
            }

            for (var k = 0; k < i; k++)
            {
                weights[i] -= lower[i, k] * weights[k];
            }

            weights[i] /= lower[i, i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < size; k++)
            {
                weights[i] -= lower[k, i] * weights[k];
            }

            weights[i] /= lower[i, i];
        }

        return weights;
    }
}
