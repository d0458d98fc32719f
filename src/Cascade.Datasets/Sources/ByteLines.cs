namespace Cascade.Datasets.Sources;

/// <summary>A stream as lines of bytes, held in one buffer that grows to the longest line and no further than the limit.</summary>
internal sealed class ByteLines(Stream stream, ReadOptions options)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _ended;
    private long _total;

    /// <summary>The line, with its line break if it has one; valid until the next.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>The number of the line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The bytes that are at hand.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(CancellationToken cancellationToken)
    {
        while (_end - _start < 64 && await FillAsync(cancellationToken))
        {
        }

        return _buffer.AsMemory(_start, _end - _start);
    }

    public void Skip(int bytes) => _start += bytes;

    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        var seen = 0;
        while (true)
        {
            var at = _buffer.AsSpan(_start + seen, _end - _start - seen).IndexOf((byte)'\n');
            if (at >= 0)
            {
                return Take(seen + at + 1);
            }

            seen = _end - _start;
            if (seen > options.MaxRecordBytes)
            {
                throw TooLong(Number + 1, options);
            }

            if (!await FillAsync(cancellationToken))
            {
                return seen > 0 && Take(seen);
            }
        }
    }

    public static FileFault TooLong(long line, ReadOptions options) =>
        new(line, $"is longer than {options.MaxRecordBytes} bytes; shorten it or raise {nameof(ReadOptions.MaxRecordBytes)}. Nothing after it was read");

    private bool Take(int length)
    {
        if (length > options.MaxRecordBytes)
        {
            throw TooLong(Number + 1, options);
        }

        Line = _buffer.AsMemory(_start, length);
        _start += length;
        Number++;
        return true;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended)
        {
            return false;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _total += read;
        _ended = read == 0;
        if (_total > options.MaxFileBytes)
        {
            throw new FileFault(Number, $"the file has more than {options.MaxFileBytes} bytes when decompressed; raise {nameof(ReadOptions.MaxFileBytes)}");
        }

        return !_ended;
    }
}
