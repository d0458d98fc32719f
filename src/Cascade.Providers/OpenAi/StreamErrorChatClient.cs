using System.Runtime.CompilerServices;
using Cascade.Providers.Calling;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Cascade.Providers.OpenAi;

/// <summary>
/// Notices an error that a provider sends inside a stream that began well. The SDK takes it for a chunk without choices, and the stream would
/// only look cut short.
/// </summary>
internal sealed class StreamErrorChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            if (update.RawRepresentation is StreamingChatCompletionUpdate raw && HasError(raw))
                throw new ModelCallException(ModelCallStatus.ProviderError, BillingCertainty.Unknown, "error-in-stream", "The provider sent an error in its stream.");
            yield return update;
        }
    }

#pragma warning disable SCME0001 // The SDK does not model the field; the stub's test holds it in place.
    private static bool HasError(StreamingChatCompletionUpdate raw) => raw.Patch.Contains("$.error"u8);
#pragma warning restore SCME0001
}
