using Cascade.Planning.Outcomes;

namespace Cascade.Datasets.Reading;

/// <summary>What the rows say of the queries; rows of one query must not contradict each other.</summary>
internal sealed class QueryLedger(HeldSize held)
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly List<Entry> _inOrder = [];
    private readonly List<string> _features = [];
    private readonly Dictionary<string, int> _featureIndexes = new(StringComparer.Ordinal);

    public bool Has(string id) => _entries.ContainsKey(id);

    /// <summary>The query's id as one string for all its rows.</summary>
    public string Id(string id) => Of(id).Id;

    public bool SetText(string id, string text)
    {
        var entry = Of(id);
        if (entry.Text is not null)
        {
            return entry.Text == text;
        }

        entry.Text = held.Keep(text);
        return true;
    }

    public bool SetTask(string id, string task) => Set(ref Of(id).Task, task);

    public bool SetSplit(string id, string split) => Set(ref Of(id).Split, split);

    public bool SetFeature(string id, string name, double value)
    {
        var entry = Of(id);
        if (!_featureIndexes.TryGetValue(name, out var index))
        {
            index = _features.Count;
            _featureIndexes.Add(name, index);
            _features.Add(name);
            held.AddFeature();
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

    private bool Set(ref string? field, string value)
    {
        field ??= held.Share(value);
        return field == value;
    }

    private Entry Of(string id)
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            entry = new Entry(held.Keep(id));
            held.AddQuery();
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
