namespace Cascade.Providers.Transport;

/// <summary>A body in which a key is masked, also where it arrives in parts: what may be the beginning of it is held back until more is there.</summary>
internal sealed class MaskedStream(Stream inner, KeyMask mask) : Stream
{
    private const int LeastRead = 4096;

    private byte[] _bytes = new byte[LeastRead];
    private int _start;
    private int _clean;
    private int _end;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_start == _clean && !_ended && buffer.Length > 0)
        {
            MakeRoom();
            Take(await inner.ReadAsync(_bytes.AsMemory(_end), cancellationToken));
        }

        return Give(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (_start == _clean && !_ended && count > 0)
        {
            MakeRoom();
            Take(inner.Read(_bytes, _end, _bytes.Length - _end));
        }

        return Give(buffer.AsSpan(offset, count));
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    // What was given out is forgotten; what is held back, less than a key, moves to the front.
    private void MakeRoom()
    {
        _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
        (_end, _clean, _start) = (_end - _start, 0, 0);
        if (_bytes.Length - _end < LeastRead / 2)
            Array.Resize(ref _bytes, _bytes.Length * 2);
    }

    private void Take(int read)
    {
        _ended = read == 0;
        _end += read;
        var text = _bytes.AsSpan(_start, _end - _start);
        mask.Apply(text);
        _clean = _ended ? _end : _end - mask.Begun(text);
    }

    private int Give(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _clean - _start);
        _bytes.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }
}
