namespace Cascade.Planning.Copulas;

/// <summary>
/// Kendall's rank correlation with its correction for ties (τ-b), by counting the inversions of a merge sort (Knight, JASA 61, 1966); O(n log n).
/// </summary>
public static class KendallTau
{
    /// <summary>Computes τ-b.</summary>
    /// <param name="x">One value per row, within ±1e100.</param>
    /// <param name="y">One value per row, within ±1e100.</param>
    /// <returns>−1 to 1; NaN when a column holds one value only.</returns>
    /// <exception cref="ArgumentException">A column is not as described; the message names each.</exception>
    public static double Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var check = new ColumnCheck(x.Length);
        check.Finite(x, nameof(x));
        check.Finite(y, nameof(y));
        check.Throw(nameof(x));
        var pairs = new (double X, double Y)[x.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = (x[i], y[i]);
        }

        Array.Sort(pairs);
        var n = (double)pairs.Length;
        var (tiedX, tiedBoth) = (0.0, 0.0);
        var (runX, runBoth) = (1, 1);
        for (var i = 1; i < pairs.Length; i++)
        {
            runX = pairs[i].X == pairs[i - 1].X ? runX + 1 : 1;
            runBoth = pairs[i] == pairs[i - 1] ? runBoth + 1 : 1;
            tiedX += runX - 1;
            tiedBoth += runBoth - 1;
        }

        var second = Array.ConvertAll(pairs, p => p.Y);
        var inversions = SortAndCount(second, new double[second.Length]);
        var (tiedY, runY) = (0.0, 1);
        for (var i = 1; i < second.Length; i++)
        {
            runY = second[i] == second[i - 1] ? runY + 1 : 1;
            tiedY += runY - 1;
        }

        var all = n * (n - 1) / 2;
        var scale = Math.Sqrt((all - tiedX) * (all - tiedY));
        return scale > 0 ? Math.Clamp((all - tiedX - tiedY + tiedBoth - (2 * inversions)) / scale, -1, 1) : double.NaN;
    }

    private static double SortAndCount(Span<double> values, Span<double> buffer)
    {
        if (values.Length < 2)
        {
            return 0;
        }

        var middle = values.Length / 2;
        var inversions = SortAndCount(values[..middle], buffer) + SortAndCount(values[middle..], buffer);
        var (left, right) = (0, middle);
        for (var i = 0; i < values.Length; i++)
        {
            if (right == values.Length || (left < middle && values[left] <= values[right]))
            {
                buffer[i] = values[left++];
                continue;
            }

            inversions += middle - left;
            buffer[i] = values[right++];
        }

        buffer[..values.Length].CopyTo(values);
        return inversions;
    }
}
