namespace Cascade.Planning.Calibration;

/// <summary>
/// Centred, mutually orthogonal columns of mean square 1 that span the given ones together with a constant (modified Gram–Schmidt, run twice;
/// Björck, BIT 7, 1967). A fit in them is as well conditioned for tiny and nearly collinear columns as for any.
/// </summary>
internal sealed class OrthogonalBasis
{
    /// <summary>
    /// √ε of double precision. A column whose own part is a smaller share of its largest value, or of 1 (it may be the difference of two such),
    /// is half rounding: a weight on it would be large enough to lose the intercept's digits, so it gets none.
    /// </summary>
    private const double SmallestShare = 1.0 / (1 << 26);

    private readonly double[] _means;
    private readonly double[,] _factor;

    public OrthogonalBasis(double[][] columns, int rows)
    {
        (_means, _factor) = (new double[columns.Length], new double[columns.Length, columns.Length]);
        Columns = new double[columns.Length][];
        for (var j = 0; j < columns.Length; j++)
        {
            Columns[j] = Own(columns[j], j, rows);
        }
    }

    /// <summary>All zeros where the given column adds nothing to the earlier ones and the constant.</summary>
    public double[][] Columns { get; }

    /// <summary>The weights of the given columns, and the intercept last, that predict what these weights of <see cref="Columns"/> do.</summary>
    public double[] Original(ReadOnlySpan<double> weights)
    {
        var result = weights.ToArray();
        for (var j = Columns.Length - 1; j >= 0; j--)
        {
            for (var k = j + 1; k < Columns.Length; k++)
            {
                result[j] -= _factor[j, k] * result[k];
            }

            result[j] = _factor[j, j] > 0 ? result[j] / _factor[j, j] : 0;
            result[^1] -= result[j] * _means[j];
        }

        return result;
    }

    private double[] Own(double[] column, int index, int rows)
    {
        var own = column.ToArray();
        for (var pass = 0; pass < 2; pass++)
        {
            var mean = Sum(own, null) / rows;
            _means[index] += mean;
            Array.ConvertAll(own, x => x - mean).CopyTo(own, 0);
            for (var k = 0; k < index; k++)
            {
                var share = Sum(own, Columns[k]) / rows;
                _factor[k, index] += share;
                for (var i = 0; i < rows; i++)
                {
                    own[i] -= share * Columns[k][i];
                }
            }
        }

        var spread = Math.Sqrt(Sum(own, own) / rows);
        if (!(spread > SmallestShare * Math.Max(1, column.Max(Math.Abs))))
        {
            return new double[rows];
        }

        _factor[index, index] = spread;
        return Array.ConvertAll(own, x => x / spread);
    }

    private static double Sum(double[] values, double[]? weights)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            sum += values[i] * (weights is null ? 1 : weights[i]);
        }

        return sum;
    }
}
