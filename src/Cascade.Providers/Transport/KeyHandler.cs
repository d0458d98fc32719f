using System.Net;
using Cascade.Providers.OpenAi;

namespace Cascade.Providers.Transport;

/// <summary>Signs each request with the key of the moment, whatever the SDK signed with; with no source, sends no key.</summary>
internal sealed class KeyHandler(IApiKeySource? key, KeyHeader header, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach (var name in KeyHeader.All)
            request.Headers.Remove(name);
        var source = KeyHeader.SourceOf(key);
        if (source is not null)
            request.Headers.TryAddWithoutValidation(header.Name, header.Value(source));
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            source?.Refused();
        return response;
    }
}
