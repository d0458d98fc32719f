using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Cascade.Providers.OpenAi;

/// <summary>Finds the tokens read from a cache where a compatible server puts them in a field of its own.</summary>
internal sealed class CachedTokensChatClient(IChatClient inner, string path) : DelegatingChatClient(inner)
{
    private readonly byte[] _path = Encoding.UTF8.GetBytes(path);

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var response = await base.GetResponseAsync(messages, options, cancellationToken);
        if (response.Usage is { } usage && response.RawRepresentation is ChatCompletion { Usage: { } raw })
            Complete(usage, raw);
        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages,
        ChatOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            foreach (var content in update.Contents.OfType<UsageContent>())
            {
                if (update.RawRepresentation is StreamingChatCompletionUpdate { Usage: { } raw })
                    Complete(content.Details, raw);
            }

            yield return update;
        }
    }

#pragma warning disable SCME0001 // The SDK has no other way to read a field it does not model; the wire test holds it in place.
    private void Complete(UsageDetails usage, ChatTokenUsage raw)
    {
        if (usage.CachedInputTokenCount is null or 0 && raw.Patch.TryGetValue(_path, out int cached))
            usage.CachedInputTokenCount = cached;
    }
#pragma warning restore SCME0001
}
