using System.Security.Cryptography;

namespace Cascade.Datasets.Sources;

/// <summary>A file whose content has shown what it is.</summary>
internal sealed class OpenedFile : IAsyncDisposable
{
    private readonly FileStream _file;
    private readonly Stream _content;

    private OpenedFile(FileStream file, Stream content, RowSource rows, string sha256, bool compressed) =>
        (_file, _content, Rows, Sha256, Compressed) = (file, content, rows, sha256, compressed);

    public RowSource Rows { get; }

    public string Sha256 { get; }

    public bool Compressed { get; }

    public long Length => _file.Length;

    public long Position => _file.Position;

    public static async Task<OpenedFile> OpenAsync(FileScope scope, char separator, CancellationToken cancellationToken)
    {
        var file = new FileStream(scope.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: false);
        try
        {
            var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
            file.Position = 0;
            var compressed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            var content = Content(file, compressed);
            var rows = await SourceAsync(scope, file, content, separator, cancellationToken);
            await rows.OpenAsync(cancellationToken);
            return new OpenedFile(file, content, rows, sha256, compressed);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Rows.DisposeAsync();
        await _content.DisposeAsync();
        await _file.DisposeAsync();
    }

    private static async Task<RowSource> SourceAsync(FileScope scope, FileStream file, Stream content, char separator, CancellationToken cancellationToken)
    {
        var lines = new ByteLines(content, scope.Options);
        var begin = (await lines.PeekAsync(cancellationToken)).Span;
        if (begin.StartsWith("PAR1"u8))
        {
            scope.HasLines = false;
            return new ParquetRows(scope, content == file ? Content(file, compressed: false) : await HoldAsync(scope, file, cancellationToken));
        }

        if (begin.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || begin.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            throw new FileFault(null, "is UTF-16; save it as UTF-8");
        }

        if (begin.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            lines.Skip(3);
            begin = begin[3..];
        }

        begin = begin.TrimStart(" \t\r\n"u8);
        return begin.Length > 0 && begin[0] == '{' ? new JsonLinesRows(scope, lines) : new CsvRows(scope, lines, separator);
    }

    private static Stream Content(FileStream file, bool compressed)
    {
        file.Position = 0;
        return compressed ? new GzipContent(file) : file;
    }

    /// <summary>Parquet is read from its end, which a compressed stream cannot offer.</summary>
    private static async Task<MemoryStream> HoldAsync(FileScope scope, FileStream file, CancellationToken cancellationToken)
    {
        var held = new MemoryStream();
        await using var content = Content(file, compressed: true);
        var buffer = new byte[1 << 16];
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            held.Write(buffer, 0, read);
            if (held.Length > scope.Options.MaxHeldBytes || held.Length > int.MaxValue - buffer.Length)
            {
                throw new FileFault(
                    null, $"has more than {held.Length} bytes inside gzip; store Parquet without gzip, it is compressed already, or raise {nameof(ReadOptions.MaxHeldBytes)}");
            }
        }

        held.Position = 0;
        return held;
    }
}
