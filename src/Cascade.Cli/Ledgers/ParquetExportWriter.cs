using Parquet;
using Parquet.Schema;

namespace Cascade.Cli.Ledgers;

/// <summary>Apache Parquet: texts, 64-bit numbers and timestamps in microseconds UTC, in groups of at most <see cref="GroupRows"/> rows.</summary>
internal sealed class ParquetExportWriter(Stream stream) : ExportWriter
{
    private const int GroupRows = 16_384;

    private static readonly DataField[] Fields =
    [
        .. ExportColumn.All.Select(c => c switch
        {
            { Text: not null } => new DataField(c.Name, typeof(string), isNullable: false),
            { Whole: not null } => new DataField(c.Name, typeof(long), isNullable: false),
            _ => new DateTimeDataField(c.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: true),
        }),
    ];

    private readonly List<ExportRow> _rows = [];
    private ParquetWriter? _writer;

    public override async Task WriteAsync(ExportRow row, CancellationToken cancellationToken)
    {
        _rows.Add(row);
        if (_rows.Count == GroupRows)
        {
            await WriteGroupAsync(cancellationToken);
        }
    }

    public override async Task FinishAsync(CancellationToken cancellationToken)
    {
        await WriteGroupAsync(cancellationToken);
        await _writer!.DisposeAsync();
        _writer = null;
        await stream.FlushAsync(cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }
    }

    private async Task WriteGroupAsync(CancellationToken cancellationToken)
    {
        _writer ??= await ParquetWriter.CreateAsync(new ParquetSchema(Fields), stream, cancellationToken: cancellationToken);
        if (_rows.Count == 0)
        {
            return;
        }

        using var group = _writer.CreateRowGroup();
        foreach (var (column, field) in ExportColumn.All.Zip(Fields))
        {
            if (column.Text is { } text)
            {
                await group.WriteAsync(field, _rows.ConvertAll(r => text(r)), null);
            }
            else if (column.Whole is { } whole)
            {
                await group.WriteAsync<long>(field, _rows.ConvertAll(r => whole(r)).ToArray(), null, null, cancellationToken);
            }
            else
            {
                await group.WriteAsync<DateTime>(
                    field, _rows.ConvertAll(r => column.Instant!(r)?.UtcDateTime).ToArray().AsMemory(), null, null, cancellationToken);
            }
        }

        group.CompleteValidate();
        _rows.Clear();
    }
}
