using Cascade.Planning.Estimation;
using Cascade.Planning.Features;
using Cascade.Planning.Outcomes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Cascade.Learning;

/// <summary>A table's features, computed once, and the examples of each model on them.</summary>
internal sealed class ExampleSet
{
    private readonly MLContext _context;
    private readonly OutcomeTable _table;
    private readonly VBuffer<float>[] _features;

    public ExampleSet(MLContext context, OutcomeTable table, FeatureSpec spec)
    {
        (_context, _table) = (context, table);
        var extractor = new HashedTextFeatures(spec);
        Dimension = extractor.Dimension;
        _features = new VBuffer<float>[table.RowCount];
        var (indexes, values) = (new int[extractor.MaxEntries], new double[extractor.MaxEntries]);
        for (var row = 0; row < _features.Length; row++)
        {
            var count = extractor.Extract(QueryFacts.Of(table, row), indexes, values);
            var (places, entries) = (indexes[..count], new float[count]);
            for (var i = 0; i < count; i++)
            {
                entries[i] = (float)values[i];
            }

            Array.Sort(places, entries);
            _features[row] = new VBuffer<float>(Dimension, count, entries, places);
        }
    }

    public int Dimension { get; }

    public IDataView Quality(int model)
    {
        var quality = _table.Quality(model);
        var examples = new List<Example>(quality.Length);
        for (var row = 0; row < quality.Length; row++)
        {
            Add(examples, row, true, quality[row]);
            Add(examples, row, false, 1 - quality[row]);
        }

        return View(examples);
    }

    /// <summary>Costs in units of their mean, which trainers in single precision need.</summary>
    public IDataView Cost(int model, double mean)
    {
        var cost = _table.CostUsd(model);
        var examples = new List<Example>(cost.Length);
        for (var row = 0; row < cost.Length; row++)
        {
            examples.Add(new Example { Features = _features[row], Target = (float)(cost[row] / mean), Weight = 1 });
        }

        return View(examples);
    }

    public static bool IsConstant(ReadOnlySpan<double> column)
    {
        foreach (var value in column)
        {
            if (Math.Abs(value - column[0]) > 1e-9 * Math.Abs(column[0]))
            {
                return false;
            }
        }

        return true;
    }

    private void Add(List<Example> examples, int row, bool label, double weight)
    {
        if (weight > 0)
        {
            examples.Add(new Example { Features = _features[row], Label = label, Weight = (float)weight });
        }
    }

    private IDataView View(List<Example> examples)
    {
        var schema = SchemaDefinition.Create(typeof(Example));
        schema[nameof(Example.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Dimension);
        return _context.Data.LoadFromEnumerable(examples, schema);
    }
}
