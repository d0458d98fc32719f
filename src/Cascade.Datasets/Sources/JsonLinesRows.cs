using System.Runtime.CompilerServices;

namespace Cascade.Datasets.Sources;

/// <summary>One JSON object per line; blank lines are counted and passed over.</summary>
internal sealed class JsonLinesRows(FileScope scope, ByteLines lines) : RowSource(scope)
{
    public override FileFormat Format => FileFormat.JsonLines;

    public override bool HasHeader => false;

    public override Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override async IAsyncEnumerable<SourceRow> RowsAsync(Func<int, bool> reads, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var row = new JsonLineRow(Columns, AddColumn, Scope.Options.MaxDepth);
        while (await lines.NextAsync(cancellationToken))
        {
            if (lines.Line.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            {
                Scope.BlankLines++;
            }
            else if (row.Read(lines.Number, lines.Line.Span) is { } problem)
            {
                Scope.AddUnreadableRow(lines.Number, null, problem);
            }
            else
            {
                Scope.RowsRead++;
                yield return row;
            }
        }
    }
}
