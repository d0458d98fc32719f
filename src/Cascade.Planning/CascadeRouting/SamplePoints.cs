using System.Numerics;
using System.Runtime.InteropServices;

namespace Cascade.Planning.CascadeRouting;

/// <summary>Arithmetic over one value per sample point, in lanes of the machine's width; lengths are powers of two from 64.</summary>
internal static class SamplePoints
{
    /// <summary>x = mean + Σ_d factor[d]·z_d, where z holds one column of points per coordinate.</summary>
    public static void Place(double mean, ReadOnlySpan<double> factor, ReadOnlySpan<double> z, Span<double> x)
    {
        x.Fill(mean);
        var target = Lanes(x);
        for (var d = 0; d < factor.Length; d++)
        {
            if (factor[d] == 0)
            {
                continue;
            }

            var source = Lanes(z.Slice(d * x.Length, x.Length));
            var weight = new Vector<double>(factor[d]);
            for (var i = 0; i < target.Length; i++)
            {
                target[i] += weight * source[i];
            }
        }
    }

    /// <summary>a = max(a, b), point by point.</summary>
    public static void Raise(Span<double> a, ReadOnlySpan<double> b) => Max(a, b, a);

    /// <summary>to = max(a, b), point by point.</summary>
    public static void Max(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> to)
    {
        var left = Lanes(a);
        var right = Lanes(b);
        var target = Lanes(to);
        for (var i = 0; i < target.Length && i < left.Length && i < right.Length; i++)
        {
            target[i] = Vector.Max(left[i], right[i]);
        }
    }

    /// <summary>The mean of max(a, b).</summary>
    public static double MeanOfMax(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var left = Lanes(a);
        var right = Lanes(b);
        var (even, odd) = (Vector<double>.Zero, Vector<double>.Zero);

        // Two sums, because one would make every addition wait for the one before it.
        for (var i = 0; i + 1 < left.Length && i + 1 < right.Length; i += 2)
        {
            even += Vector.Max(left[i], right[i]);
            odd += Vector.Max(left[i + 1], right[i + 1]);
        }

        return Vector.Sum(even + odd) / a.Length;
    }

    private static ReadOnlySpan<Vector<double>> Lanes(ReadOnlySpan<double> values) => MemoryMarshal.Cast<double, Vector<double>>(values);

    private static Span<Vector<double>> Lanes(Span<double> values) => MemoryMarshal.Cast<double, Vector<double>>(values);
}
