using System.Numerics;

namespace Cascade.Planning.CascadeRouting;

/// <summary>
/// Fixed points that stand for independent standard normal numbers: Sobol's sequence with the direction numbers of Joe and Kuo (SIAM J. Sci.
/// Comput. 30, 2008; new-joe-kuo-6), a digital shift with a fixed seed, the inverse normal distribution, then mean and covariance set to exactly
/// 0 and I. The same points serve every decision, so that candidates are compared on common random numbers; the points of d dimensions are the
/// first d coordinates of those of 16.
/// </summary>
internal static class QuasiNormalPoints
{
    public const int MaxDimensions = 16;
    public const int FewestPoints = 64;
    public const int MostPoints = 4096;
    private const int Bits = 32;
    private const ulong ShiftSeed = 0x9e3779b97f4a7c15;

    // Per dimension from the second: the inner coefficients of its primitive polynomial, then its initial direction numbers, as many as its degree.
    private static readonly uint[][] Directions =
    [
        [0, 1], [1, 1, 3], [1, 1, 3, 1], [2, 1, 1, 1], [1, 1, 1, 3, 3], [4, 1, 3, 5, 13], [2, 1, 1, 5, 5, 17], [4, 1, 1, 5, 5, 5],
        [7, 1, 1, 7, 11, 19], [11, 1, 1, 5, 1, 1], [13, 1, 1, 1, 3, 11], [14, 1, 3, 5, 5, 31], [1, 1, 3, 3, 9, 7, 49],
        [13, 1, 1, 1, 15, 21, 21], [16, 1, 3, 1, 13, 27, 49],
    ];

    private static readonly Lazy<double[]>[] Sets =
    [
        .. Enumerable.Range(BitOperations.Log2(FewestPoints), BitOperations.Log2(MostPoints / FewestPoints) + 1)
            .Select(bits => new Lazy<double[]>(() => Create(1 << bits))),
    ];

    private static bool Has(int points) => points is >= FewestPoints and <= MostPoints && BitOperations.IsPow2(points);

    public static void Require(int points, string name)
    {
        if (!Has(points))
        {
            throw new ArgumentException($"{name} is {points}; give a power of two from {FewestPoints} to {MostPoints}", name);
        }
    }

    /// <summary>Coordinate by coordinate, one value per point. Shared: not to be written.</summary>
    public static double[] Of(int points) => Sets[BitOperations.Log2((uint)points) - BitOperations.Log2(FewestPoints)].Value;

    private static double[] Create(int points)
    {
        var result = new double[MaxDimensions * points];
        var seed = ShiftSeed;
        for (var d = 0; d < MaxDimensions; d++)
        {
            var column = result.AsSpan(d * points, points);
            Sobol(d, (uint)(SplitMix(ref seed) >> Bits), column);
            Standardise(result, d, column);
        }

        return result;
    }

    private static void Sobol(int dimension, uint shift, Span<double> column)
    {
        Span<uint> directions = stackalloc uint[Bits];
        FillDirections(dimension, directions);
        var at = shift;
        for (var p = 0; p < column.Length; p++)
        {
            column[p] = NormalDistribution.Quantile((at + 0.5) * (1.0 / (1L << Bits)));
            at ^= directions[BitOperations.TrailingZeroCount(p + 1)];
        }
    }

    private static void FillDirections(int dimension, Span<uint> directions)
    {
        if (dimension == 0)
        {
            for (var b = 0; b < Bits; b++)
            {
                directions[b] = 1u << (Bits - 1 - b);
            }

            return;
        }

        var row = Directions[dimension - 1];
        var degree = row.Length - 1;
        for (var b = 0; b < Bits; b++)
        {
            if (b < degree)
            {
                directions[b] = row[b + 1] << (Bits - 1 - b);
                continue;
            }

            var next = directions[b - degree] ^ (directions[b - degree] >> degree);
            for (var i = 1; i < degree; i++)
            {
                next ^= ((row[0] >> (degree - 1 - i)) & 1) * directions[b - i];
            }

            directions[b] = next;
        }
    }

    /// <summary>Gram–Schmidt against the coordinates before it: E[max] of one model is then its mean, and of two has the right spread.</summary>
    private static void Standardise(double[] all, int dimension, Span<double> column)
    {
        var n = column.Length;
        Shift(column, Sum(column) / n);
        for (var d = 0; d < dimension; d++)
        {
            var before = all.AsSpan(d * n, n);
            var share = Dot(column, before) / n;
            for (var p = 0; p < n; p++)
            {
                column[p] -= share * before[p];
            }
        }

        var scale = Math.Sqrt(n / Dot(column, column));
        for (var p = 0; p < n; p++)
        {
            column[p] *= scale;
        }
    }

    private static void Shift(Span<double> column, double by)
    {
        foreach (ref var value in column)
        {
            value -= by;
        }
    }

    private static double Sum(ReadOnlySpan<double> column)
    {
        var sum = 0.0;
        foreach (var value in column)
        {
            sum += value;
        }

        return sum;
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

    private static ulong SplitMix(ref ulong state)
    {
        unchecked
        {
            state += 0x9e3779b97f4a7c15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            return z ^ (z >> 31);
        }
    }
}
