using System.Runtime.CompilerServices;

namespace Cascade.Datasets.Sources;

/// <summary>CSV with a header. Blank lines between records are counted and passed over.</summary>
internal sealed class CsvRows(FileScope scope, ByteLines lines, char separator) : RowSource(scope)
{
    private readonly CsvRecord _record = new((byte)separator, scope.Options.MaxRecordBytes);
    private long _firstLine;

    public override FileFormat Format => FileFormat.Csv;

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        var header = await NextAsync(cancellationToken);
        if (header is null)
        {
            throw new FileFault(null, "is empty; give a header and rows");
        }

        if (header is false)
        {
            throw new FileFault(_firstLine, $"the header cannot be read: {_record.Problem}");
        }

        for (var column = 0; column < _record.Count; column++)
        {
            var cell = _record[column];
            AddColumn(cell.Kind == CellKind.Unreadable ? throw new FileFault(_firstLine, $"the header {cell.Text}") : cell.Plain);
        }
    }

    public override async IAsyncEnumerable<SourceRow> RowsAsync(Func<int, bool> reads, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var row = new Row(_record);
        while (await NextAsync(cancellationToken) is { } read)
        {
            if (!read)
            {
                Scope.AddUnreadableRow(_firstLine, null, _record.Problem);
            }
            else if (_record.Count != Columns.Count)
            {
                Scope.AddUnreadableRow(
                    _firstLine, null, $"has {_record.Count} cells where the header has {Columns.Count}; give one per column, and quote cells with separators");
            }
            else
            {
                Scope.RowsRead++;
                row.Begin(_firstLine);
                yield return row;
            }
        }
    }

    /// <summary>Reads a record: true when it could be, false when not, null at the end.</summary>
    private async ValueTask<bool?> NextAsync(CancellationToken cancellationToken)
    {
        _record.Clear();
        var open = false;
        while (await lines.NextAsync(cancellationToken))
        {
            if (!open && lines.Line.Span.IndexOfAnyExcept((byte)'\r', (byte)'\n') < 0)
            {
                Scope.BlankLines++;
                continue;
            }

            _firstLine = open ? _firstLine : lines.Number;
            switch (_record.Take(lines.Line.Span))
            {
                case true:
                    return true;
                case null:
                    return false;
                default:
                    open = true;
                    break;
            }
        }

        return open ? throw new FileFault(_firstLine, "a quote is opened here and never closed; close it") : null;
    }

    private sealed class Row(CsvRecord record) : SourceRow
    {
        public override Cell this[int column] => record[column];

        public void Begin(long line) => Number = line;
    }
}
