using System.Globalization;
using Cascade.Datasets.Sources;
using Cascade.Planning.Outcomes;

namespace Cascade.Datasets.Reading;

/// <summary>Turns the rows of one file into outcomes.</summary>
internal sealed class OutcomeRows(OutcomeSource source, OutcomeFile file, FileScope scope, OutcomeCollector collector, RowSource rows)
{
    private readonly CellReader _cells = new(scope, rows.Columns);
    private ColumnBinding _binding = ColumnBinding.Of(source, rows.Columns);

    /// <summary>Columns that must exist and do not.</summary>
    public IReadOnlyList<string> Missing => _binding.Missing;

    public bool Reads(int column)
    {
        BindAgain();
        return _binding.Reads(column);
    }

    public void Take(SourceRow row)
    {
        BindAgain();
        _cells.Begin(row);
        foreach (var (filter, column) in _binding.Filters)
        {
            if (!filter.Passes(_cells.Plain(column)))
            {
                scope.RowsFiltered++;
                return;
            }
        }

        var model = _binding.IsWide ? null : _cells.Text(_binding.Model);
        if (model is not null && !collector.Wants(model))
        {
            collector.Model(model);
            scope.RowsOfOtherModels++;
            return;
        }

        scope.RowsTaken++;
        var id = Query(row);
        if (id is null)
        {
            return;
        }

        if (!_binding.IsWide && model is null)
        {
            _cells.Problem(Name(_binding.Model, "model"), "is blank; name the model that answered");
            return;
        }

        foreach (var binding in _binding.Models)
        {
            TakeOutcome(id, binding.Model ?? model!, binding);
        }
    }

    private static string? Show(double value) => double.IsNaN(value) ? null : value.ToString(CultureInfo.InvariantCulture);

    private string? Name(int column, string otherwise) => column < 0 ? otherwise : rows.Columns[column];

    private void BindAgain()
    {
        if (_binding.ColumnCount != rows.Columns.Count)
        {
            _binding = ColumnBinding.Of(source, rows.Columns);
        }
    }

    private string? Query(SourceRow row)
    {
        var id = source.Mapping.QueryId == OutcomeMapping.None
            ? string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file.Path).Split('.')[0]}#{scope.RowsRead}")
            : _cells.Text(_binding.QueryId);
        if (string.IsNullOrWhiteSpace(id))
        {
            if (!_cells.HasProblem)
            {
                _cells.Problem(Name(_binding.QueryId, OutcomeMapping.DefaultQueryId), "is blank; give each query an id");
            }

            return null;
        }

        id = collector.Queries.Id(id);
        Describe(id, _binding.Text, null, collector.Queries.SetText);
        Describe(id, _binding.Task, file.Task, collector.Queries.SetTask);
        Describe(id, _binding.Split, file.Split, collector.Queries.SetSplit);
        foreach (var (name, column) in _binding.Features)
        {
            var value = _cells.Signal(column);
            if (!double.IsNaN(value) && !collector.Queries.SetFeature(id, name, value))
            {
                _cells.Problem(column, $"{Show(value)} contradicts an earlier row of query '{FileScope.Show(id)}'; give all its rows the same");
            }
        }

        return id;
    }

    private void Describe(string id, int column, string? otherwise, Func<string, string, bool> set)
    {
        if ((_cells.Text(column) ?? otherwise) is { } value && !set(id, value))
        {
            _cells.Problem(Name(column, ""), $"contradicts an earlier row of query '{FileScope.Show(id)}'; give all its rows the same");
        }
    }

    private void TakeOutcome(string query, string model, ModelBinding binding)
    {
        if (binding.Model is not null && !collector.Wants(model))
        {
            return;
        }

        var quality = _cells.Quality(binding.Quality, source.Mapping);
        if (double.IsNaN(quality))
        {
            if (binding.Model is null && !_cells.HasProblem)
            {
                _cells.Problem(Name(binding.Quality, "quality"), "is blank; give the quality of the answer, or filter the row");
            }

            return;
        }

        var (input, output) = (_cells.Amount(binding.InputTokens, "tokens"), _cells.Amount(binding.OutputTokens, "tokens"));
        var cost = Cost(model, binding, input, output);
        var record = new OutcomeRecord
        {
            QueryId = query,
            Model = collector.Model(model),
            Quality = quality,
            CostUsd = cost,
            JudgeCostUsd = JudgeCost(model, binding, cost),
            InputTokens = input,
            OutputTokens = output,
            LatencySeconds = Latency(binding),
            Signals = [.. Signals(binding)],
        };
        if (!_cells.HasProblem)
        {
            collector.Add(record, _cells.Text(binding.Answer), _cells, scope);
        }
    }

    private double Cost(string model, ModelBinding binding, double inputTokens, double outputTokens)
    {
        var cost = _cells.Amount(binding.CostUsd, "dollars");
        if (!double.IsNaN(cost) || !source.Prices.TryGetValue(model, out var price))
        {
            return cost;
        }

        var priced = price.Of(inputTokens, outputTokens);
        if (double.IsNaN(priced))
        {
            _cells.Problem(Name(binding.CostUsd, "cost_usd"), $"is unknown and the price of '{FileScope.Show(model)}' needs tokens; give tokens or a price per call");
        }

        return priced;
    }

    private double JudgeCost(string model, ModelBinding binding, double cost)
    {
        var judge = _cells.Amount(binding.JudgeCostUsd, "dollars");
        var together = _cells.Amount(binding.CostWithJudgeUsd, "dollars");
        if (double.IsNaN(judge) && !double.IsNaN(together))
        {
            if (together < cost)
            {
                _cells.Problem(binding.CostWithJudgeUsd, $"{Show(together)} is below the cost of the call, {Show(cost)}; give the sum of both");
            }

            judge = double.IsNaN(cost) ? double.NaN : Math.Max(0, together - cost);
        }

        return double.IsNaN(judge) ? source.JudgeCosts.GetValueOrDefault(model) : judge;
    }

    private double Latency(ModelBinding binding)
    {
        var seconds = _cells.Amount(binding.LatencySeconds, "seconds");
        return double.IsNaN(seconds) ? _cells.Amount(binding.LatencyMilliseconds, "milliseconds") / 1000 : seconds;
    }

    private IEnumerable<KeyValuePair<string, double>> Signals(ModelBinding binding)
    {
        foreach (var signal in binding.Signals.Where(signal => signal.Column >= 0))
        {
            var value = _cells.Signal(signal.Column);
            yield return KeyValuePair.Create(collector.Signal(signal.Name), double.IsNaN(value) ? signal.Blank : value);
        }
    }
}
