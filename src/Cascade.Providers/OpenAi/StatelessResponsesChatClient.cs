using System.Runtime.CompilerServices;
using Cascade.Providers.Calling;
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
        if (response.RawRepresentation is ResponseResult { Status: ResponseStatus.Failed or ResponseStatus.Cancelled })
            throw new ModelCallException(ModelCallStatus.ProviderError, BillingCertainty.Unknown, "error-in-answer", "The provider answered that it has failed.");

        // The API says why an answer is incomplete, and nothing when it is complete.
        var callsTools = response.Messages.Any(message => message.Contents.Any(content => content is FunctionCallContent));
        response.FinishReason ??= callsTools ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop;
        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in base.GetStreamingResponseAsync(messages, Stateless(options), cancellationToken))
        {
            // The adapter reads the bill off an answer that is complete, and not off one that was cut at its limit.
            if (update.RawRepresentation is StreamingResponseIncompleteUpdate { Response: { } cut })
                Finish(update, cut);
            yield return update;
        }
    }

    private static void Finish(ChatResponseUpdate update, ResponseResult cut)
    {
        update.FinishReason ??= cut.IncompleteStatusDetails?.Reason == ResponseIncompleteStatusReason.ContentFilter ? ChatFinishReason.ContentFilter : ChatFinishReason.Length;
        if (cut.Usage is { } usage)
        {
            update.Contents.Add(new UsageContent(new UsageDetails
            {
                InputTokenCount = usage.InputTokenCount,
                OutputTokenCount = usage.OutputTokenCount,
                TotalTokenCount = usage.TotalTokenCount,
                CachedInputTokenCount = usage.InputTokenDetails?.CachedTokenCount,
                ReasoningTokenCount = usage.OutputTokenDetails?.ReasoningTokenCount,
            }));
        }
    }

    private static ChatOptions Stateless(ChatOptions? options)
    {
        var stateless = options?.Clone() ?? new ChatOptions();
        stateless.RawRepresentationFactory = _ => new CreateResponseOptions { StoredOutputEnabled = false };
        return stateless;
    }
}
