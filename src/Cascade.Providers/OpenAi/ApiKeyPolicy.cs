using System.ClientModel.Primitives;
using Cascade.Providers.Calling;

namespace Cascade.Providers.OpenAi;

/// <summary>
/// Signs each request with the key of the moment; with no source, sends no <c>Authorization</c> header. It stands last before the
/// transport, so it replaces what the SDK signed with.
/// </summary>
internal sealed class ApiKeyPolicy(IApiKeySource? source) : PipelinePolicy
{
    private const int Unauthorized = 401;

    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Sign(message);
        ProcessNext(message, pipeline, currentIndex);
        Look(message);
    }

    public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Sign(message);
        await ProcessNextAsync(message, pipeline, currentIndex);
        Look(message);
    }

    private void Sign(PipelineMessage message)
    {
        if (source is null)
        {
            message.Request.Headers.Remove("Authorization");
            return;
        }

        var key = source.Get() ?? throw Missing("key-missing", "There is no key: its file or variable is empty or gone.");
        if (key.Any(letter => letter is <= ' ' or > '~'))
            throw Missing("key-malformed", "The key holds something that cannot be part of a header.");
        message.Request.Headers.Set("Authorization", $"Bearer {key}");
    }

    private void Look(PipelineMessage message)
    {
        if (message.Response?.Status == Unauthorized)
            source?.Refused();
    }

    private static ModelCallException Missing(string error, string message) =>
        new(ModelCallStatus.Unauthorized, BillingCertainty.NotBilled, error, message);
}
