namespace Cascade.Providers.Transport;

/// <summary>A body in which a key is masked, also where it arrives in parts: what may be the beginning of it is held back until more is there.</summary>
internal sealed class MaskedStream(Stream inner, KeyMask mask) : PassingStream(inner)
{
    private const int LeastRead = 4096;

    private byte[] _bytes = new byte[LeastRead];
    private int _start;
    private int _clean;
    private int _end;
    private bool _ended;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_start == _clean && !_ended && buffer.Length > 0)
        {
            MakeRoom();
            Take(await Inner.ReadAsync(_bytes.AsMemory(_end), cancellationToken));
        }

        return Give(buffer.Span);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (_start == _clean && !_ended && count > 0)
        {
            MakeRoom();
            Take(Inner.Read(_bytes, _end, _bytes.Length - _end));
        }

        return Give(buffer.AsSpan(offset, count));
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
