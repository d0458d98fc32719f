using System.Runtime.InteropServices;

namespace Cascade.Planning.Estimation;

/// <summary>
/// Feature vectors of which most entries are 0, one per row, stored row after row (compressed sparse rows). Build it by <see cref="Add"/>; reading is
/// thread-safe once nothing is added.
/// </summary>
public sealed class SparseRows
{
    private readonly List<int> _ends = [0];
    private readonly List<int> _columns = [];
    private readonly List<double> _values = [];

    /// <summary>Creates an empty set.</summary>
    /// <param name="columns">The length of every vector, 1 to 2^24.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is outside its range.</exception>
    public SparseRows(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, 1 << 24);
        ColumnCount = columns;
    }

    /// <summary>The length of every vector.</summary>
    public int ColumnCount { get; }

    /// <summary>The number of vectors.</summary>
    public int RowCount => _ends.Count - 1;

    /// <summary>Adds a vector.</summary>
    /// <param name="columns">The places of its entries, 0 to <see cref="ColumnCount"/> − 1; a place that occurs twice adds up.</param>
    /// <param name="values">The entries, finite, one per place.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a place or entry is outside its range.</exception>
    public void Add(ReadOnlySpan<int> columns, ReadOnlySpan<double> values)
    {
        if (columns.Length != values.Length)
        {
            throw new ArgumentException($"{columns.Length} places for {values.Length} entries; give one each", nameof(values));
        }

        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] < 0 || columns[i] >= ColumnCount || !(Math.Abs(values[i]) <= ColumnCheck.LargestCost))
            {
                throw new ArgumentException(
                    $"entry {i} is {values[i]} at place {columns[i]}; give a finite number at a place from 0 to {ColumnCount - 1}", nameof(columns));
            }
        }

        _columns.AddRange(columns);
        _values.AddRange(values);
        _ends.Add(_columns.Count);
    }

    /// <summary>The places of a vector's entries.</summary>
    /// <param name="row">The row.</param>
    /// <returns>The places.</returns>
    public ReadOnlySpan<int> Columns(int row) => CollectionsMarshal.AsSpan(_columns)[_ends[row].._ends[row + 1]];

    /// <summary>A vector's entries.</summary>
    /// <param name="row">The row.</param>
    /// <returns>The entries, in the order of <see cref="Columns"/>.</returns>
    public ReadOnlySpan<double> Values(int row) => CollectionsMarshal.AsSpan(_values)[_ends[row].._ends[row + 1]];

    /// <summary>The inner product of a vector and weights.</summary>
    /// <param name="row">The row.</param>
    /// <param name="weights">One weight per place.</param>
    /// <returns>The product.</returns>
    public double Dot(int row, ReadOnlySpan<double> weights)
    {
        var columns = Columns(row);
        var values = Values(row);
        var sum = 0.0;
        for (var i = 0; i < columns.Length; i++)
        {
            sum += weights[columns[i]] * values[i];
        }

        return sum;
    }

    internal void AddScaled(int row, double scale, Span<double> target)
    {
        var columns = Columns(row);
        var values = Values(row);
        for (var i = 0; i < columns.Length; i++)
        {
            target[columns[i]] += scale * values[i];
        }
    }
}
