using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cascade.Cli.Ledgers;

/// <summary>One JSON object per line with every column; an instant that is not set is null.</summary>
internal sealed class JsonlWriter(Stream stream) : ExportWriter
{
    private const int FlushBytes = 65_536;
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public override async Task WriteAsync(ExportRow row, CancellationToken cancellationToken)
    {
        using (var json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (var column in ExportColumn.All)
            {
                if (column.Text is { } text)
                {
                    json.WriteString(column.Name, text(row));
                }
                else if (column.Whole is { } whole)
                {
                    json.WriteNumber(column.Name, whole(row));
                }
                else if (column.Instant!(row) is { } instant)
                {
                    json.WriteString(column.Name, Format(instant));
                }
                else
                {
                    json.WriteNull(column.Name);
                }
            }

            json.WriteEndObject();
        }

        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= FlushBytes)
        {
            await FinishAsync(cancellationToken);
        }
    }

    public override async Task FinishAsync(CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        _buffer.ResetWrittenCount();
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
