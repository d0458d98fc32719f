using System.Buffers;
using System.Globalization;
using System.Text;

namespace Cascade.Cli.Ledgers;

/// <summary>RFC 4180, with a heading; texts that a spreadsheet would take for a formula are not changed.</summary>
internal sealed class CsvWriter(Stream stream) : ExportWriter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");
    private readonly StreamWriter _text = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 65_536, leaveOpen: true) { NewLine = "\r\n" };
    private readonly StringBuilder _line = new();
    private bool _begun;

    public override async Task WriteAsync(ExportRow row, CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        await LineAsync(column => column switch
        {
            { Text: { } text } => text(row),
            { Whole: { } whole } => whole(row).ToString(CultureInfo.InvariantCulture),
            _ => column.Instant!(row) is { } instant ? Format(instant) : "",
        }, cancellationToken);
    }

    public override async Task FinishAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        await _text.FlushAsync(cancellationToken);
    }

    public override ValueTask DisposeAsync() => _text.DisposeAsync();

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (!_begun)
        {
            _begun = true;
            await LineAsync(column => column.Name, cancellationToken);
        }
    }

    private async Task LineAsync(Func<ExportColumn, string> cell, CancellationToken cancellationToken)
    {
        _line.Clear();
        foreach (var column in ExportColumn.All)
        {
            if (_line.Length > 0 || column != ExportColumn.All[0])
            {
                _line.Append(',');
            }

            var text = cell(column);
            if (text.AsSpan().ContainsAny(Special))
            {
                _line.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            }
            else
            {
                _line.Append(text);
            }
        }

        await _text.WriteLineAsync(_line, cancellationToken);
    }
}
