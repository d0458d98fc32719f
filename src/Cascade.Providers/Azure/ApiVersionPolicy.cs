using System.ClientModel.Primitives;

namespace Cascade.Providers.Azure;

/// <summary>Names the version of the API in every address, as dated versions of Azure OpenAI want it.</summary>
internal sealed class ApiVersionPolicy(string version) : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Add(message.Request);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Add(message.Request);
        return ProcessNextAsync(message, pipeline, currentIndex);
    }

    private void Add(PipelineRequest request)
    {
        var address = new UriBuilder(request.Uri!);
        var others = address.Query.TrimStart('?');
        address.Query = (others.Length > 0 ? others + "&" : "") + "api-version=" + Uri.EscapeDataString(version);
        request.Uri = address.Uri;
    }
}
