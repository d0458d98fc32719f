using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;

namespace Cascade.Datasets.Sources;

/// <summary>Apache Parquet, one row group in memory at a time, and of it only the columns that are looked at.</summary>
internal sealed class ParquetRows(FileScope scope, Stream stream) : RowSource(scope)
{
    /// <summary>A cell, its value as read and the digits of a number. Texts are counted besides.</summary>
    private const long BytesPerCell = 64;

    private ParquetReader? _reader;
    private DataField[] _fields = [];

    public override FileFormat Format => FileFormat.Parquet;

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        _reader = await Guarded(() => ParquetReader.CreateAsync(stream, null, true, cancellationToken));
        _fields = await Guarded(() => Task.FromResult(_reader.Schema.GetDataFields()));
        foreach (var field in _fields)
        {
            AddColumn(string.Join('.', field.Path.ToList()));
        }

        if (_fields.Length == 0)
        {
            throw new FileFault(null, "has no columns; give the documented ones");
        }
    }

    public override async IAsyncEnumerable<SourceRow> RowsAsync(Func<int, bool> reads, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var row = new Row();
        for (var group = 0; group < _reader!.RowGroupCount; group++)
        {
            row.Columns = await ReadGroupAsync(group, reads, cancellationToken);
            var rows = row.Columns.Max(column => column?.Length ?? 0);
            for (var i = 0; i < rows; i++)
            {
                Scope.RowsRead++;
                row.MoveTo(i, Scope.RowsRead);
                yield return row;
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_reader is not null)
        {
            await _reader.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    private async Task<Cell[]?[]> ReadGroupAsync(int group, Func<int, bool> reads, CancellationToken cancellationToken)
    {
        using var reader = _reader!.OpenRowGroupReader(group);
        var read = Enumerable.Range(0, _fields.Length).Where(reads).ToList();
        var stated = await Guarded(() => Task.FromResult(read.Sum(i => (double)StatedBytes(reader, _fields[i]))));
        var held = (double)reader.RowCount * read.Count * BytesPerCell;
        if (reader.RowCount < 0 || reader.RowCount > Scope.Options.MaxRows || held + stated > Scope.Options.MaxHeldBytes)
        {
            throw TooLarge(group, $"{reader.RowCount} rows and {stated} bytes");
        }

        var columns = new Cell[]?[_fields.Length];
        foreach (var i in read)
        {
            columns[i] = await Guarded(() => ParquetColumn.ReadAsync(reader, _fields[i], (int)reader.RowCount, Text, cancellationToken));
        }

        return columns;

        string Text(ReadOnlyMemory<char> value)
        {
            held += sizeof(char) * (double)value.Length;
            return held > Scope.Options.MaxHeldBytes ? throw TooLarge(group, $"more than {Scope.Options.MaxHeldBytes} bytes") : value.ToString();
        }
    }

    /// <summary>What the file says that a column takes before compression; a dictionary counts once, however often its values occur.</summary>
    private static long StatedBytes(ParquetRowGroupReader reader, DataField field) => Math.Max(0, reader.GetMetadata(field)?.MetaData?.TotalUncompressedSize ?? 0);

    private FileFault TooLarge(int group, string size) => new(
        Scope.RowsRead + 1, $"row group {group} has {size}, too many to hold; write smaller groups or raise {nameof(ReadOptions.MaxHeldBytes)}");

    /// <summary>A damaged file makes the library throw whatever its decoders happen to run into.</summary>
    private async Task<T> Guarded<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or FileFault))
        {
            throw new FileFault(Scope.RowsRead + 1, $"cannot be read as Parquet ({exception.GetType().Name}); write it again", exception);
        }
    }

    private sealed class Row : SourceRow
    {
        private int _index;

        public Cell[]?[] Columns { get; set; } = [];

        public override Cell this[int column] => Columns[column] is { } cells ? cells[_index] : default;

        public void MoveTo(int index, long number) => (_index, Number) = (index, number);
    }
}
