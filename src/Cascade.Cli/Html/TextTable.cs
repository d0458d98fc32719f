namespace Cascade.Cli.Html;

/// <summary>A table of text, for HTML and Markdown.</summary>
internal sealed record TextTable(string Caption, IReadOnlyList<string> Headings, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The row to stand out; −1 for none.</summary>
    public int Marked { get; init; } = -1;

    public string Markdown()
    {
        var lines = new List<string>
        {
            Line(Headings),
            "|" + string.Concat(Headings.Select((_, i) => i == 0 ? "---|" : "--:|")),
        };
        lines.AddRange(Rows.Select((row, i) => Line(i == Marked ? [.. row.Select((cell, c) => c == 0 ? $"**{Escape(cell)}**" : Escape(cell))] : [.. row.Select(Escape)])));
        return string.Join('\n', lines);
    }

    private static string Line(IEnumerable<string> cells) => "| " + string.Join(" | ", cells) + " |";

    private static string Escape(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal);
}
