using System.Runtime.Intrinsics;

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

    /// <summary>The interval of a column's mean.</summary>
    public Interval Of(double[] column, double level) => Of([column], level)[0];

    /// <summary>The intervals of the columns' means.</summary>
    public Interval[] Of(IReadOnlyList<double[]> columns, double level) => Array.ConvertAll(Means(columns), means => Percentiles(means, level));

    /// <summary>By column, its mean in every resample. All columns at once, so that a resample is unpacked once for all of them.</summary>
    public double[][] Means(IReadOnlyList<double[]> columns)
    {
        var sums = columns.Select(SumsOf).ToArray();
        var means = Array.ConvertAll(sums, _ => new double[_draws.Length]);
        var draws = new double[_groups];
        for (var r = 0; r < _draws.Length; r++)
        {
            for (var g = 0; g < draws.Length; g++)
            {
                draws[g] = _draws[r][g];
            }

            for (var c = 0; c < sums.Length; c++)
            {
                means[c][r] = Dot(draws, sums[c]) / _sizes[r];
            }
        }

        return means;
    }

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

    /// <summary>Four sums side by side on every machine, so that rounding does not depend on its registers.</summary>
    private static double Dot(double[] a, double[] b)
    {
        var sum = Vector256<double>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            sum += Vector256.LoadUnsafe(ref a[i]) * Vector256.LoadUnsafe(ref b[i]);
        }

        var total = sum[0] + sum[1] + (sum[2] + sum[3]);
        for (; i < a.Length; i++)
        {
            total += a[i] * b[i];
        }

        return total;
    }

    private double[] SumsOf(double[] column)
    {
        var sums = new double[_groups];
        for (var i = 0; i < column.Length; i++)
        {
            sums[i % _groups] += column[i];
        }

        return sums;
    }

    private int SizeOf(int group) => (_rows / _groups) + (group < _rows % _groups ? 1 : 0);
}
