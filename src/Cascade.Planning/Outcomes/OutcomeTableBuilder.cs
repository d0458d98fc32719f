using System.Collections.Immutable;

namespace Cascade.Planning.Outcomes;

/// <summary>Collects records into an <see cref="OutcomeTable"/>. Rows and models keep the order in which they were first met. Not thread-safe.</summary>
public sealed class OutcomeTableBuilder
{
    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _models = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _signals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _features = new(StringComparer.Ordinal);
    private readonly List<OutcomeQuery> _queries = [];
    private readonly Dictionary<(int Row, int Model), OutcomeRecord> _records = [];
    private readonly Dictionary<(int Row, int Feature), double> _featureValues = [];

    /// <summary>Describes a query, before or after its outcomes; the last description of a query holds.</summary>
    /// <param name="query">The query.</param>
    /// <param name="features">Its numeric features by name; NaN and infinite values count as unknown.</param>
    /// <returns>What is wrong; empty when the query was taken.</returns>
    public ImmutableArray<OutcomeProblem> Describe(OutcomeQuery query, IEnumerable<KeyValuePair<string, double>> features)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(features);
        if (string.IsNullOrWhiteSpace(query.Id))
        {
            return [new OutcomeProblem(nameof(query.Id), "is empty; give each query an id")];
        }

        var row = RowOf(query.Id);
        _queries[row] = query;
        foreach (var (name, value) in features)
        {
            _featureValues[(row, IndexOf(_features, name))] = double.IsFinite(value) ? value : double.NaN;
        }

        return [];
    }

    /// <summary>Takes an outcome.</summary>
    /// <param name="record">The outcome.</param>
    /// <returns>Everything that is wrong with it; empty when it was taken.</returns>
    public ImmutableArray<OutcomeProblem> Add(OutcomeRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var problems = OutcomeRecordCheck.Problems(record);
        if (problems.IsEmpty && _rows.TryGetValue(record.QueryId, out var row) && _models.TryGetValue(record.Model, out var model)
            && _records.ContainsKey((row, model)))
        {
            problems = [new OutcomeProblem(nameof(record.QueryId), $"'{record.QueryId}' already has an outcome of '{record.Model}'; keep one of them")];
        }

        if (!problems.IsEmpty)
        {
            return problems;
        }

        foreach (var signal in record.Signals)
        {
            IndexOf(_signals, signal.Key);
        }

        _records.Add((RowOf(record.QueryId), IndexOf(_models, record.Model)), record);
        return [];
    }

    /// <summary>Builds the table of what was taken so far.</summary>
    /// <returns>The table.</returns>
    public OutcomeTable Build()
    {
        var columns = _models.Select(_ => ModelColumns.Empty(_queries.Count, _signals.Count)).ToImmutableArray();
        foreach (var ((row, model), record) in _records)
        {
            var c = columns[model];
            (c.Quality[row], c.CostUsd[row], c.JudgeCostUsd[row]) = (record.Quality, record.CostUsd, record.JudgeCostUsd);
            (c.InputTokens[row], c.OutputTokens[row], c.LatencySeconds[row]) = (record.InputTokens, record.OutputTokens, record.LatencySeconds);
            foreach (var (name, value) in record.Signals)
            {
                c.Signals[_signals[name]][row] = value;
            }
        }

        var features = _features.Select(_ => ModelColumns.Unknown(_queries.Count)).ToImmutableArray();
        foreach (var ((row, feature), value) in _featureValues)
        {
            features[feature][row] = value;
        }

        return new OutcomeTable([.. _queries], Names(_models), Names(_signals), Names(_features), columns, features);
    }

    private static ImmutableArray<string> Names(Dictionary<string, int> indexes) => [.. indexes.OrderBy(p => p.Value).Select(p => p.Key)];

    private static int IndexOf(Dictionary<string, int> indexes, string name)
    {
        if (!indexes.TryGetValue(name, out var index))
        {
            index = indexes.Count;
            indexes.Add(name, index);
        }

        return index;
    }

    private int RowOf(string queryId)
    {
        if (!_rows.TryGetValue(queryId, out var row))
        {
            row = _queries.Count;
            _rows.Add(queryId, row);
            _queries.Add(new OutcomeQuery { Id = queryId });
        }

        return row;
    }
}
