using Cascade.Planning.Estimation;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Features;

/// <summary>The sparse vectors of a table's rows, end to end.</summary>
internal sealed class FeatureRows
{
    private readonly int[] _starts;
    private readonly int[] _indexes;
    private readonly float[] _values;

    private FeatureRows(int dimension, int[] starts, int[] indexes, float[] values) =>
        (Dimension, _starts, _indexes, _values) = (dimension, starts, indexes, values);

    public int Dimension { get; }

    public int Count => _starts.Length - 1;

    public static FeatureRows Of(FeatureSpec spec, OutcomeTable table)
    {
        var features = new HashedTextFeatures(spec);
        var (indexes, values) = (new int[features.MaxEntries], new double[features.MaxEntries]);
        var starts = new int[table.RowCount + 1];
        var (allIndexes, allValues) = (new List<int>(table.RowCount * 64), new List<float>(table.RowCount * 64));
        for (var row = 0; row < table.RowCount; row++)
        {
            var count = features.Extract(QueryFacts.Of(table, row), indexes, values);
            for (var i = 0; i < count; i++)
            {
                allIndexes.Add(indexes[i]);
                allValues.Add((float)values[i]);
            }

            starts[row + 1] = allIndexes.Count;
        }

        return new FeatureRows(features.Dimension, starts, [.. allIndexes], [.. allValues]);
    }

    public ReadOnlySpan<int> Indexes(int row) => _indexes.AsSpan(_starts[row].._starts[row + 1]);

    public ReadOnlySpan<float> Values(int row) => _values.AsSpan(_starts[row].._starts[row + 1]);
}
