using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Cascade.Planning.Features;

namespace Cascade.Planning.Estimation;

/// <summary>
/// Finds the most similar known queries through lists of the queries that have a feature; a feature of many queries has a column of all of them
/// instead, which is added up several queries at a time. Both give the same sums in the same order.
/// </summary>
internal sealed class NeighbourSearch : IQueryEstimator
{
    /// <summary>A column is for features of one query in so many: it is then no more than twice the size of the list, and several times as fast.</summary>
    private const int RowsPerEntry = 4;

    private readonly HashedTextFeatures _features;
    private readonly KnnEstimator _data;
    private readonly int _rows;
    private readonly int[] _postingStarts;
    private readonly int[] _postingRows;
    private readonly float[] _postingValues;
    private readonly Dictionary<int, float[]> _columns = [];

    public NeighbourSearch(HashedTextFeatures features, KnnEstimator data)
    {
        (_features, _data, _rows) = (features, data, data.Starts.Length - 1);
        _postingStarts = new int[features.Dimension + 1];
        (_postingRows, _postingValues) = (new int[data.Indexes.Length], new float[data.Indexes.Length]);
        foreach (var index in data.Indexes)
        {
            _postingStarts[index + 1]++;
        }

        for (var i = 0; i < features.Dimension; i++)
        {
            _postingStarts[i + 1] += _postingStarts[i];
        }

        var next = _postingStarts.AsSpan(0, features.Dimension).ToArray();
        for (var row = 0; row < _rows; row++)
        {
            for (var e = data.Starts[row]; e < data.Starts[row + 1]; e++)
            {
                var place = next[data.Indexes[e]]++;
                (_postingRows[place], _postingValues[place]) = (row, data.Values[e]);
            }
        }

        for (var index = 0; index < features.Dimension; index++)
        {
            if ((long)(_postingStarts[index + 1] - _postingStarts[index]) * RowsPerEntry >= _rows && IsInColumn(index))
            {
                _columns.Add(index, Column(index));
            }
        }
    }

    public void Estimate(in QueryFacts query, Span<double> quality, Span<double> costUsd)
    {
        var indexes = ArrayPool<int>.Shared.Rent(_features.MaxEntries);
        var values = ArrayPool<double>.Shared.Rent(_features.MaxEntries);
        var wanted = Math.Min(_data.Neighbours, _rows);
        var nearest = ArrayPool<int>.Shared.Rent(Math.Max(wanted, 1));
        var count = _features.Extract(query, indexes, values);
        var weights = ArrayPool<float>.Shared.Rent(Math.Max(count, 1));
        for (var i = 0; i < count; i++)
        {
            weights[i] = (float)values[i];
        }

        var found = Nearest(indexes.AsSpan(0, count), weights, nearest.AsSpan(0, wanted));
        Average(nearest.AsSpan(0, found), quality, costUsd);
        ArrayPool<float>.Shared.Return(weights);
        ArrayPool<int>.Shared.Return(nearest);
        ArrayPool<double>.Shared.Return(values);
        ArrayPool<int>.Shared.Return(indexes);
    }

    /// <summary>
    /// Writes the rows with the largest positive inner products, the most similar first; the new vector's own length does not change their order.
    /// Returns how many there are.
    /// </summary>
    public int Nearest(ReadOnlySpan<int> indexes, ReadOnlySpan<float> values, Span<int> nearest)
    {
        var similarities = ArrayPool<float>.Shared.Rent(Math.Max(_rows, 1));
        var sums = similarities.AsSpan(0, _rows);
        sums.Clear();
        for (var e = 0; e < indexes.Length; e++)
        {
            var value = values[e];
            if (_columns.TryGetValue(indexes[e], out var column))
            {
                AddScaled(sums, column, value);
                continue;
            }

            var (first, last) = (_postingStarts[indexes[e]], _postingStarts[indexes[e] + 1]);
            for (var p = first; p < last; p++)
            {
                sums[_postingRows[p]] += _postingValues[p] * value;
            }
        }

        var found = 0;
        for (var row = 0; row < sums.Length && nearest.Length > 0; row++)
        {
            var sum = sums[row];
            if (!(sum > 0) || (found == nearest.Length && !(sum > sums[nearest[found - 1]])))
            {
                continue;
            }

            found = Math.Min(found + 1, nearest.Length);
            var at = found - 1;
            for (; at > 0 && sum > sums[nearest[at - 1]]; at--)
            {
                nearest[at] = nearest[at - 1];
            }

            nearest[at] = row;
        }

        ArrayPool<float>.Shared.Return(similarities);
        return found;
    }

    /// <summary>The means of some rows; without rows the means of all.</summary>
    public void Average(ReadOnlySpan<int> rows, Span<double> quality, Span<double> costUsd)
    {
        if (rows.IsEmpty)
        {
            _data.Means.Fill(quality, costUsd);
            return;
        }

        var models = _data.Means.Quality.Length;
        for (var m = 0; m < models; m++)
        {
            var (q, c) = (0.0, 0.0);
            foreach (var row in rows)
            {
                q += _data.Quality[(row * models) + m];
                c += _data.CostUsd[(row * models) + m];
            }

            (quality[m], costUsd[m]) = (q / rows.Length, c / rows.Length);
        }
    }

    /// <summary>A document may list a place twice in a query; a column has room for one value.</summary>
    private bool IsInColumn(int index)
    {
        var (first, last) = (_postingStarts[index], _postingStarts[index + 1]);
        for (var p = first + 1; p < last; p++)
        {
            if (_postingRows[p] == _postingRows[p - 1])
            {
                return false;
            }
        }

        return last > first;
    }

    private float[] Column(int index)
    {
        var column = new float[_rows];
        for (var p = _postingStarts[index]; p < _postingStarts[index + 1]; p++)
        {
            column[_postingRows[p]] = _postingValues[p];
        }

        return column;
    }

    private static void AddScaled(Span<float> sums, ReadOnlySpan<float> column, float value)
    {
        var to = MemoryMarshal.Cast<float, Vector<float>>(sums);
        var from = MemoryMarshal.Cast<float, Vector<float>>(column);
        for (var v = 0; v < to.Length; v++)
        {
            to[v] += from[v] * value;
        }

        for (var i = to.Length * Vector<float>.Count; i < sums.Length; i++)
        {
            sums[i] += column[i] * value;
        }
    }
}
