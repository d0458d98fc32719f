using System.Buffers;

namespace Cascade.Providers.Transport;

/// <summary>
/// A body in which a key is masked, also where it arrives in parts: what may be the beginning of it is held back until more is there. What is read is masked
/// where the reader wants it, so that a stream in which nothing happens holds no buffer.
/// </summary>
internal sealed class MaskedStream(Stream inner, KeyMask mask) : PassingStream(inner)
{
    private const int LeastRead = 1024;

    // Read and not given out: first what is masked already, then what may be the beginning of the key.
    private byte[] _rest = [];
    private int _clean;
    private bool _ended;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_clean == 0 && !_ended && buffer.Length > 0)
        {
            using var place = new Place(buffer, _rest.Length);
            _rest.CopyTo(place.Memory);
            var read = await Inner.ReadAsync(place.Memory[_rest.Length..], cancellationToken);
            if (Take(place.Memory.Span[..(_rest.Length + read)], buffer.Span, read == 0) is > 0 and var given)
                return given;
        }

        return Give(buffer.Span);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var wanted = buffer.AsMemory(offset, count);
        while (_clean == 0 && !_ended && count > 0)
        {
            using var place = new Place(wanted, _rest.Length);
            _rest.CopyTo(place.Memory);
            var read = Inner.Read(place.Memory.Span[_rest.Length..]);
            if (Take(place.Memory.Span[..(_rest.Length + read)], wanted.Span, read == 0) is > 0 and var given)
                return given;
        }

        return Give(wanted.Span);
    }

    /// <summary>Masks what was read, gives of it what the reader has room for, and keeps the rest.</summary>
    private int Take(Span<byte> text, Span<byte> buffer, bool ended)
    {
        _ended = ended;
        mask.Apply(text);
        var clean = ended ? text.Length : text.Length - mask.Begun(text);
        var given = Math.Min(clean, buffer.Length);
        text[..given].CopyTo(buffer);
        (_rest, _clean) = (text[given..].ToArray(), clean - given);
        return given;
    }

    private int Give(Span<byte> buffer)
    {
        var given = Math.Min(buffer.Length, _clean);
        _rest.AsSpan(0, given).CopyTo(buffer);
        (_rest, _clean) = (_rest[given..], _clean - given);
        return given;
    }

    /// <summary>Where is read to: where the reader wants it, unless that has no room for what is held back and something new.</summary>
    private readonly struct Place : IDisposable
    {
        private readonly byte[]? _rented;

        public Place(Memory<byte> wanted, int held)
        {
            _rented = wanted.Length > held ? null : ArrayPool<byte>.Shared.Rent(held + LeastRead);
            Memory = _rented ?? wanted;
        }

        public Memory<byte> Memory { get; }

        public void Dispose()
        {
            if (_rented is not null)
                ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
