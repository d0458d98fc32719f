namespace Cascade.Planning.CascadeRouting;

/// <summary>Lower triangular L with L·Lᵀ = A for a symmetric positive semidefinite A, stored row by row.</summary>
internal static class CholeskyFactor
{
    /// <summary>
    /// Pivots up to this count as zero and leave an empty column. Raising them to it instead would give numbers that are known exactly a spread
    /// of 1e-6, and a free model a gain out of nothing.
    /// </summary>
    public const double Jitter = 1e-12;

    /// <summary>Factors the leading n × n of <paramref name="matrix"/> in place; what is above the diagonal becomes 0.</summary>
    public static void Factor(Span<double> matrix, int n)
    {
        for (var j = 0; j < n; j++)
        {
            var row = matrix.Slice(j * n, n);
            var pivot = row[j];
            for (var d = 0; d < j; d++)
            {
                pivot -= row[d] * row[d];
            }

            var diagonal = pivot > Jitter ? Math.Sqrt(pivot) : 0;
            row[j] = diagonal;
            row[(j + 1)..].Clear();
            for (var i = j + 1; i < n; i++)
            {
                var below = matrix.Slice(i * n, n);
                var value = below[j];
                for (var d = 0; d < j; d++)
                {
                    value -= below[d] * row[d];
                }

                below[j] = diagonal > 0 ? value / diagonal : 0;
            }
        }
    }

    /// <summary>Solves L·Lᵀ·x = b in place; directions that L has no pivot for are left out.</summary>
    public static void Solve(ReadOnlySpan<double> factor, int n, Span<double> b)
    {
        for (var i = 0; i < n; i++)
        {
            var value = b[i];
            for (var d = 0; d < i; d++)
            {
                value -= factor[(i * n) + d] * b[d];
            }

            b[i] = factor[(i * n) + i] > 0 ? value / factor[(i * n) + i] : 0;
        }

        for (var i = n - 1; i >= 0; i--)
        {
            var value = b[i];
            for (var d = i + 1; d < n; d++)
            {
                value -= factor[(d * n) + i] * b[d];
            }

            b[i] = factor[(i * n) + i] > 0 ? value / factor[(i * n) + i] : 0;
        }
    }
}
