using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Cascade.Providers.OpenAi;

/// <summary>Sends the output limit in the older field, for servers that ignore or refuse the newer one.</summary>
internal sealed class MaxTokensChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(messages, Older(options), cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(messages, Older(options), cancellationToken);

    private static ChatOptions? Older(ChatOptions? options)
    {
        if (options?.MaxOutputTokens is not { } limit)
            return options;

        var older = options.Clone();
        older.MaxOutputTokens = null;
        older.RawRepresentationFactory = _ => Raw(limit);
        return older;
    }

#pragma warning disable SCME0001 // The SDK has no other way to send a field it does not model; the wire test holds it in place.
    private static ChatCompletionOptions Raw(int limit)
    {
        var raw = new ChatCompletionOptions();
        raw.Patch.Set("$.max_tokens"u8, limit);
        return raw;
    }
#pragma warning restore SCME0001
}
