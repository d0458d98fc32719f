using System.Collections.Immutable;
using Cascade.Datasets.Sources;

namespace Cascade.Datasets.Reading;

/// <summary>A mapping applied to the columns that a file has.</summary>
internal sealed class ColumnBinding
{
    private const string SignalPrefix = "signal:";
    private const string FeaturePrefix = "feature:";

    private readonly OutcomeSource _source;
    private readonly ColumnNames _columns;
    private readonly HashSet<int> _read;

    private ColumnBinding(OutcomeSource source, ColumnNames columns)
    {
        (_source, _columns) = (source, columns);
        var mapping = source.Mapping;
        var quality = mapping.Quality ?? (columns.Find("quality") < 0 && columns.All.Any(name => Middle(name, "quality:{model}") is not null)
            ? "quality:{model}" : "quality");
        IsWide = IsPattern(quality);
        QueryId = Find(mapping.QueryId, OutcomeMapping.DefaultQueryId, isRequired: true);
        Model = IsWide ? -1 : Find(mapping.Model, "model", isRequired: true);
        Text = Find(mapping.Text, OutcomeMapping.DefaultText);
        Task = Find(mapping.Task, "task");
        Split = Find(mapping.Split, "split");
        Filters = [.. source.Filters.Select(filter => (filter, Find(filter.Column, filter.Column, isRequired: true)))];
        Features = mapping.Features.IsEmpty
            ? [.. Prefixed(FeaturePrefix)]
            : [.. mapping.Features.Select(name => (name, Find(name, name, isRequired: true)))];
        Models = IsWide ? [.. WideModels(quality).Select(model => Bind(quality, model))] : [Bind(quality, null)];
        ColumnCount = columns.Count;
        _read =
        [
            QueryId, Model, Text, Task, Split, .. Filters.Select(f => f.Column), .. Features.Select(f => f.Column), .. Models.SelectMany(m => m.Columns),
        ];
    }

    public bool IsWide { get; }

    public int QueryId { get; }

    public int Model { get; }

    public int Text { get; }

    public int Task { get; }

    public int Split { get; }

    public ImmutableArray<(RowFilter Filter, int Column)> Filters { get; }

    public ImmutableArray<(string Name, int Column)> Features { get; }

    public ImmutableArray<ModelBinding> Models { get; }

    /// <summary>How many columns there were; with more, bind again.</summary>
    public int ColumnCount { get; }

    /// <summary>Columns that must exist and do not.</summary>
    public List<string> Missing { get; } = [];

    public static ColumnBinding Of(OutcomeSource source, ColumnNames columns) => new(source, columns);

    public bool Reads(int column) => _read.Contains(column);

    private static bool IsPattern(string name) => name.Contains(OutcomeMapping.ModelPlace, StringComparison.Ordinal);

    private static string? Middle(string name, string pattern)
    {
        var at = pattern.IndexOf(OutcomeMapping.ModelPlace, StringComparison.Ordinal);
        var (before, after) = (pattern[..at], pattern[(at + OutcomeMapping.ModelPlace.Length)..]);
        return name.Length > before.Length + after.Length && name.StartsWith(before, StringComparison.Ordinal) && name.EndsWith(after, StringComparison.Ordinal)
            ? name[before.Length..^after.Length]
            : null;
    }

    private List<string> WideModels(string quality)
    {
        var models = _columns.All.Select(name => Middle(name, quality)).OfType<string>().ToList();
        if (models.Count == 0)
        {
            Missing.Add(quality);
        }

        return models;
    }

    private IEnumerable<(string Name, int Column)> Prefixed(string prefix) => _columns.All
        .Where(name => name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(name => (name[prefix.Length..], _columns.Find(name)));

    private int Find(string? named, string documented, bool isRequired = false)
    {
        if (named == OutcomeMapping.None)
        {
            return -1;
        }

        var column = _columns.Find(named ?? documented);
        if (column < 0 && (isRequired || named is not null))
        {
            Missing.Add(named ?? documented);
        }

        return column;
    }

    private ModelBinding Bind(string quality, string? model)
    {
        var mapping = _source.Mapping;
        return new ModelBinding
        {
            Model = model,
            Quality = FindOf(model, quality, "quality"),
            CostUsd = FindOf(model, mapping.CostUsd, "cost_usd"),
            JudgeCostUsd = FindOf(model, mapping.JudgeCostUsd, "judge_cost_usd"),
            CostWithJudgeUsd = FindOf(model, mapping.CostWithJudgeUsd ?? OutcomeMapping.None, ""),
            InputTokens = FindOf(model, mapping.InputTokens, "input_tokens"),
            OutputTokens = FindOf(model, mapping.OutputTokens, "output_tokens"),
            LatencySeconds = FindOf(model, mapping.LatencySeconds, "latency_seconds"),
            LatencyMilliseconds = FindOf(model, mapping.LatencyMilliseconds ?? OutcomeMapping.None, ""),
            Answer = FindOf(model, _source.Agreement?.AnswerColumn ?? OutcomeMapping.None, ""),
            Signals = [.. Signals(model)],
        };
    }

    /// <summary>A model of the wide format may lack a column that others have.</summary>
    private int FindOf(string? model, string? named, string documented)
    {
        if (model is null)
        {
            return Find(named, documented, isRequired: documented == "quality");
        }

        var name = named ?? $"{documented}:{OutcomeMapping.ModelPlace}";
        if (!IsPattern(name))
        {
            return Find(name, documented);
        }

        if (named is not null && !_columns.All.Any(column => Middle(column, name) is not null))
        {
            Missing.Add(name);
        }

        return _columns.Find(name.Replace(OutcomeMapping.ModelPlace, model, StringComparison.Ordinal));
    }

    private IEnumerable<BoundSignal> Signals(string? model)
    {
        var mapped = _source.Mapping.Signals;
        if (!mapped.IsEmpty)
        {
            return mapped.Select(signal => new BoundSignal(signal.Name, FindOf(model, signal.Column, signal.Column), signal.Blank));
        }

        var end = $":{model}";
        return from signal in Prefixed(SignalPrefix)
               where model is null || (signal.Name.Length > end.Length && signal.Name.EndsWith(end, StringComparison.Ordinal))
               select new BoundSignal(model is null ? signal.Name : signal.Name[..^end.Length], signal.Column, double.NaN);
    }
}
