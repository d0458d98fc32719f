using System.IO.Compression;

namespace Cascade.Datasets.Sources;

/// <summary>
/// The content of a gzip file, which fails when the file was cut off. The library takes a cut-off file for one that ends, so a member of our own
/// is put after the file: its content comes out last if, and only if, everything before it was complete.
/// </summary>
internal sealed class GzipContent(Stream file) : ForwardStream
{
    private static readonly byte[] Mark = "the end of file!"u8.ToArray();
    private static readonly byte[] MarkMember = Compress(Mark);

    private readonly GZipStream _content = new(new Joined(file, MarkMember), CompressionMode.Decompress);
    private readonly byte[] _held = new byte[1 << 16];
    private int _length;
    private bool _ended;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_ended && _length <= Mark.Length)
        {
            var read = await _content.ReadAsync(_held.AsMemory(_length), cancellationToken);
            _length += read;
            _ended = read == 0;
        }

        if (_ended && !_held.AsSpan(0, _length).EndsWith(Mark))
        {
            throw new InvalidDataException("the gzip content is cut off");
        }

        var given = Math.Min(buffer.Length, _length - Mark.Length);
        _held.AsMemory(0, given).CopyTo(buffer);
        _held.AsSpan(given, _length - given).CopyTo(_held);
        _length -= given;
        return given;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] content)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    /// <summary>The file, then the mark.</summary>
    private sealed class Joined(Stream file, byte[] after) : ForwardStream
    {
        private int _given;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await file.ReadAsync(buffer, cancellationToken);
            if (read > 0)
            {
                return read;
            }

            var given = Math.Min(buffer.Length, after.Length - _given);
            after.AsMemory(_given, given).CopyTo(buffer);
            _given += given;
            return given;
        }
    }
}
