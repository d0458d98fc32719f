namespace Cascade.Planning.Evaluation;

/// <summary>
/// Resamples of queries, drawn once and used for every column, so that differences of columns are paired. Percentile intervals (Efron and
/// Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). Immutable and thread-safe.
/// </summary>
/// <remarks>
/// Beyond <see cref="MostGroups"/> rows, row i belongs to group i mod <see cref="MostGroups"/> and groups are drawn whole: the variance of a mean
/// is estimated from as many independent sums, which is plenty, at a cost that no longer grows with resamples times rows.
/// </remarks>
internal sealed class Bootstrap
{
    public const int MostGroups = 4096;

    private readonly ushort[][] _draws;
    private readonly double[] _sizes;
    private readonly int _rows;
    private readonly int _groups;

    public Bootstrap(int rows, int resamples, ulong seed)
    {
        (_rows, _groups) = (rows, Math.Min(rows, MostGroups));
        _draws = new ushort[resamples][];
        _sizes = new double[resamples];
        var random = new SplitMix64(seed);
        for (var r = 0; r < resamples; r++)
        {
            var draws = new ushort[_groups];
            for (var i = 0; i < _groups; i++)
            {
                var group = random.Below(_groups);
                draws[group]++;
                _sizes[r] += SizeOf(group);
            }

            _draws[r] = draws;
        }
    }

    /// <summary>The mean of a column in every resample.</summary>
    public double[] Means(ReadOnlySpan<double> column)
    {
        var sums = new double[_groups];
        for (var i = 0; i < column.Length; i++)
        {
            sums[i % _groups] += column[i];
        }

        var means = new double[_draws.Length];
        for (var r = 0; r < means.Length; r++)
        {
            var sum = 0.0;
            var draws = _draws[r];
            for (var g = 0; g < sums.Length; g++)
            {
                sum += draws[g] * sums[g];
            }

            means[r] = sum / _sizes[r];
        }

        return means;
    }

    /// <summary>The interval of a column's mean.</summary>
    public Interval Of(ReadOnlySpan<double> column, double level) => Percentiles(Means(column), level);

    /// <summary>The middle share of values; sorts them in place.</summary>
    public static Interval Percentiles(double[] values, double level)
    {
        Array.Sort(values);
        var tail = (1 - level) / 2;
        return new Interval(At(values, tail), At(values, 1 - tail));
    }

    private static double At(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    private int SizeOf(int group) => (_rows / _groups) + (group < _rows % _groups ? 1 : 0);
}
