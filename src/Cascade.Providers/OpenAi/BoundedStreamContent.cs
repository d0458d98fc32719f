using System.Net;
using Cascade.Providers.Transport;

namespace Cascade.Providers.OpenAi;

/// <summary>A streamed body that ends with an error once it, or one line of it, is longer than it may be.</summary>
internal sealed class BoundedStreamContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly long _maxBytes;
    private readonly long _maxLineBytes;
    private readonly KeyMask? _mask;

    public BoundedStreamContent(HttpContent inner, long maxBytes, long maxLineBytes, KeyMask? mask)
    {
        (_inner, _maxBytes, _maxLineBytes, _mask) = (inner, maxBytes, maxLineBytes, mask);
        foreach (var (name, values) in inner.Headers)
            Headers.TryAddWithoutValidation(name, values);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
    {
        var body = await _inner.ReadAsStreamAsync(cancellationToken);
        return new BoundedStream(_mask is null ? body : new MaskedStream(body, _mask), _maxBytes, _maxLineBytes);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await using var body = await CreateContentReadStreamAsync();
        await body.CopyToAsync(stream);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inner.Dispose();
        base.Dispose(disposing);
    }

    private sealed class BoundedStream(Stream inner, long maxBytes, long maxLineBytes) : PassingStream(inner)
    {
        private long _bytes;
        private long _line;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await Inner.ReadAsync(buffer, cancellationToken);
            Count(buffer.Span[..read]);
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = Inner.Read(buffer, offset, count);
            Count(buffer.AsSpan(offset, read));
            return read;
        }

        private void Count(ReadOnlySpan<byte> read)
        {
            _bytes += read.Length;
            var end = read.LastIndexOf((byte)'\n');
            _line = end < 0 ? _line + read.Length : read.Length - end - 1;
            if (_bytes > maxBytes || _line > maxLineBytes)
                throw new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded, "The streamed answer is larger than the limit.");
        }
    }
}
