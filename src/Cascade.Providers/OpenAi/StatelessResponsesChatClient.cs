using Microsoft.Extensions.AI;
using OpenAI.Responses;

namespace Cascade.Providers.OpenAi;

#pragma warning disable OPENAI001 // The responses API is the provider's current one; its SDK types are still marked as for evaluation.

/// <summary>Asks the responses API to keep nothing: what it would store is a tenant's conversation, and nobody here reads it again.</summary>
internal sealed class StatelessResponsesChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var response = await base.GetResponseAsync(messages, Stateless(options), cancellationToken);

        // The API says why an answer is incomplete, and nothing when it is complete.
        var callsTools = response.Messages.Any(message => message.Contents.Any(content => content is FunctionCallContent));
        response.FinishReason ??= callsTools ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop;
        return response;
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(messages, Stateless(options), cancellationToken);

    private static ChatOptions Stateless(ChatOptions? options)
    {
        var stateless = options?.Clone() ?? new ChatOptions();
        stateless.RawRepresentationFactory = _ => new CreateResponseOptions { StoredOutputEnabled = false };
        return stateless;
    }
}
