using System.Text;

namespace Cascade.Datasets.Sources;

/// <summary>What is being counted and found wrong while one file is read.</summary>
internal sealed class FileScope(string path, ReadOptions options, ProblemLog log)
{
    private const int LongestShown = 60;

    public string Path { get; } = path;

    public ReadOptions Options { get; } = options;

    /// <summary>Whether places are lines; rows otherwise.</summary>
    public bool HasLines { get; set; } = true;

    public long RowsRead { get; set; }

    public long RowsTaken { get; set; }

    public long RowsFiltered { get; set; }

    public long RowsOfOtherModels { get; set; }

    public long QualitiesRaised { get; set; }

    public long BlankLines { get; set; }

    public Dictionary<string, long> Blanks { get; } = new(StringComparer.Ordinal);

    public void Add(long? number, string? column, string message) => log.Add(ProblemAt(number, column, message));

    public FileProblem ProblemAt(long? number, string? column, string message) => new()
    {
        File = System.IO.Path.GetFileName(Path),
        Line = HasLines ? number : null,
        Row = HasLines ? null : number,
        Column = column is null ? null : Show(column),
        Message = message,
    };

    /// <summary>Reports a row that cannot be read at all.</summary>
    public void AddUnreadableRow(long number, string? column, string message)
    {
        RowsRead++;
        Add(number, column, message);
    }

    /// <summary>A value as a message may repeat it: short, and without characters that a terminal obeys.</summary>
    public static string Show(string value)
    {
        var shown = new StringBuilder();
        foreach (var c in value.AsSpan(0, Math.Min(value.Length, LongestShown)))
        {
            shown.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        }

        return value.Length > LongestShown ? shown.Append('…').ToString() : shown.ToString();
    }
}
