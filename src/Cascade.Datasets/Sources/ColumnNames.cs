namespace Cascade.Datasets.Sources;

/// <summary>The columns of a file by name. JSON lines add to them as they are read.</summary>
internal sealed class ColumnNames
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);

    public int Count => _names.Count;

    public string this[int column] => _names[column];

    public IEnumerable<string> All => _names;

    public int Find(string name) => _indexes.GetValueOrDefault(name, -1);

    public bool TryAdd(string name)
    {
        if (!_indexes.TryAdd(name, _names.Count))
        {
            return false;
        }

        _names.Add(name);
        return true;
    }
}
