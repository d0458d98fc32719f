using System.Collections.Frozen;
using Cascade.Providers.Calling;
using Cascade.Providers.Transport;

namespace Cascade.Providers.OpenAi;

/// <summary>Names the attempt to the provider, notices what was sent and what came back, and bounds what is read.</summary>
internal sealed class AttemptHandler(HttpMessageHandler inner, long maxResponseBytes) : DelegatingHandler(inner)
{
    public const string AttemptHeader = "X-Client-Request-Id";

    /// <summary>The largest part of a stream. The SDK holds a line in memory until it ends, and no provider puts a megabyte into one.</summary>
    public const long LargestLineBytes = 1024 * 1024;

    private static readonly FrozenSet<string> StreamTypes = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "text/event-stream", "application/x-ndjson");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var scope = CallScope.Current ?? throw new InvalidOperationException("A provider is called outside an attempt.");
        request.Headers.Remove(AttemptHeader);
        request.Headers.Add(AttemptHeader, scope.AttemptId);
        if (request.Content is { } content)
            request.Content = new SendTrackingContent(content, scope);
        else if (!scope.TryMarkSent())
            throw new OperationCanceledException("The attempt is over.");

        var mask = KeyMask.Of(request.Headers);
        var response = await base.SendAsync(request, cancellationToken);
        scope.Answer = new AnswerHead((int)response.StatusCode, Header(response, "Retry-After"), Header(response, "retry-after-ms"))
        {
            Date = response.Headers.Date,
            Limits = RateLimitHeaders.Read(name => Header(response, name), response.Headers.Date ?? scope.Now),
        };
        if (!response.IsSuccessStatusCode)
        {
            // The status says it all, and a body could repeat the prompt into an exception's message.
            response.Content.Dispose();
            response.Content = new ByteArrayContent([]);
            return response;
        }

        if (!scope.Streams)
        {
            await response.Content.LoadIntoBufferAsync(maxResponseBytes, cancellationToken);
            if (mask is not null)
                await MaskAsync(response, mask, cancellationToken);
            return response;
        }

        if (response.Content.Headers.ContentType?.MediaType is { } type && !StreamTypes.Contains(type))
        {
            response.Dispose();
            throw new ModelCallException(ModelCallStatus.MalformedResponse, BillingCertainty.Unknown, "not-a-stream", "The provider's answer is no stream.");
        }

        response.Content = new BoundedStreamContent(response.Content, maxResponseBytes, LargestLineBytes, mask);
        return response;
    }

    private static async Task MaskAsync(HttpResponseMessage response, KeyMask mask, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!mask.Apply(body))
            return;
        var masked = new ByteArrayContent(body);
        foreach (var (name, values) in response.Content.Headers)
            masked.Headers.TryAddWithoutValidation(name, values);
        response.Content.Dispose();
        response.Content = masked;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
