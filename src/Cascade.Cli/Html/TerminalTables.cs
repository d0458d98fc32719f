using Spectre.Console;

namespace Cascade.Cli.Html;

/// <summary>Tables of text in a terminal.</summary>
internal static class TerminalTables
{
    public static Table ForTerminal(this TextTable text)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var (heading, i) in text.Headings.Select((h, i) => (h, i)))
        {
            var column = new TableColumn(Markup.Escape(heading));
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }

        foreach (var (row, i) in text.Rows.Select((r, i) => (r, i)))
        {
            table.AddRow([.. row.Select(cell => i == text.Marked ? $"[bold]{Markup.Escape(cell)}[/]" : Markup.Escape(cell))]);
        }

        return table;
    }
}
