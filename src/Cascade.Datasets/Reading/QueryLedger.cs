using Cascade.Planning.Outcomes;

namespace Cascade.Datasets.Reading;

/// <summary>What the rows say of the queries; rows of one query must not contradict each other.</summary>
internal sealed class QueryLedger
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly List<Entry> _inOrder = [];
    private readonly List<string> _features = [];

    public int Count => _inOrder.Count;

    public bool Has(string id) => _entries.ContainsKey(id);

    /// <summary>The query's id as one string for all its rows.</summary>
    public string Id(string id) => Of(id).Id;

    public bool SetText(string id, string text) => Set(ref Of(id).Text, text);

    public bool SetTask(string id, string task) => Set(ref Of(id).Task, task);

    public bool SetSplit(string id, string split) => Set(ref Of(id).Split, split);

    public bool SetFeature(string id, string name, double value)
    {
        var entry = Of(id);
        var index = _features.IndexOf(name);
        if (index < 0)
        {
            index = _features.Count;
            _features.Add(name);
        }

        if (entry.Features.Length <= index)
        {
            var before = entry.Features.Length;
            Array.Resize(ref entry.Features, _features.Count);
            entry.Features.AsSpan(before).Fill(double.NaN);
        }

        var fits = double.IsNaN(entry.Features[index]) || entry.Features[index].Equals(value);
        entry.Features[index] = value;
        return fits;
    }

    public int DescribeTo(OutcomeTableBuilder builder)
    {
        var withoutText = 0;
        foreach (var entry in _inOrder)
        {
            builder.Describe(
                new OutcomeQuery { Id = entry.Id, Task = entry.Task, Text = entry.Text, PublishedSplit = entry.Split },
                entry.Features.Select((value, index) => KeyValuePair.Create(_features[index], value)));
            withoutText += entry.Text is null ? 1 : 0;
        }

        return withoutText;
    }

    private static bool Set(ref string? field, string value)
    {
        var fits = field is null || field == value;
        field = value;
        return fits;
    }

    private Entry Of(string id)
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            entry = new Entry(id);
            _entries.Add(id, entry);
            _inOrder.Add(entry);
        }

        return entry;
    }

    private sealed class Entry(string id)
    {
        public string? Text;
        public string? Task;
        public string? Split;
        public double[] Features = [];

        public string Id => id;
    }
}
