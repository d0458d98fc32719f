using System.ClientModel.Primitives;
using Cascade.Providers.Transport;

namespace Cascade.Providers.OpenAi;

/// <summary>
/// Signs each request with the key of the moment; with no source, sends no key. It stands last before the transport, so it replaces what
/// the SDK signed with.
/// </summary>
internal sealed class ApiKeyPolicy(IApiKeySource? endpointKey, KeyHeader header) : PipelinePolicy
{
    private const int Unauthorized = 401;

    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        var source = Sign(message);
        ProcessNext(message, pipeline, currentIndex);
        Look(message, source);
    }

    public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        var source = Sign(message);
        await ProcessNextAsync(message, pipeline, currentIndex);
        Look(message, source);
    }

    private IApiKeySource? Sign(PipelineMessage message)
    {
        foreach (var name in KeyHeader.All)
            message.Request.Headers.Remove(name);
        var source = KeyHeader.SourceOf(endpointKey);
        if (source is not null)
            message.Request.Headers.Set(header.Name, header.Value(source));
        return source;
    }

    private static void Look(PipelineMessage message, IApiKeySource? source)
    {
        if (message.Response?.Status == Unauthorized)
            source?.Refused();
    }
}
