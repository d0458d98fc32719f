using System.Net;
using Cascade.Providers.Calling;

namespace Cascade.Providers.OpenAi;

/// <summary>Notices when a request body starts to leave: after the connection stands, before the provider can have understood anything.</summary>
internal sealed class SendTrackingContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly CallScope _scope;

    public SendTrackingContent(HttpContent inner, CallScope scope)
    {
        _inner = inner;
        _scope = scope;
        foreach (var (name, values) in inner.Headers)
            Headers.TryAddWithoutValidation(name, values);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _scope.TryMarkSent()
            ? _inner.CopyToAsync(stream, context, cancellationToken)
            : Task.FromException(new OperationCanceledException("The attempt is over."));

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inner.Dispose();
        base.Dispose(disposing);
    }
}
