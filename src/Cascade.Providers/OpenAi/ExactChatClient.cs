using System.Runtime.CompilerServices;
using System.Text;
using Cascade.Providers.Calling;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Cascade.Providers.OpenAi;

/// <summary>
/// Sends as the caller wrote it what the adapter would write anew: it indents schemas and adds to them, which would break the bound on prompt
/// tokens, cannot send arguments that are not JSON, and has no place for several fields.
/// </summary>
internal sealed class ExactChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(messages.Select(ExactMessages.Of), ExactOptions.Of(options), cancellationToken);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var arguments = new Dictionary<string, StringBuilder>(StringComparer.Ordinal);
        var open = new Dictionary<int, StringBuilder>();
        await foreach (var update in base.GetStreamingResponseAsync(messages.Select(ExactMessages.Of), ExactOptions.Of(options), cancellationToken))
        {
            if (update.RawRepresentation is StreamingChatCompletionUpdate raw)
                Gather(raw, open, arguments);
            foreach (var call in update.Contents.OfType<FunctionCallContent>().Where(call => arguments.ContainsKey(call.CallId)))
                call.RawRepresentation = new ModelToolCall(call.CallId, call.Name, arguments[call.CallId].ToString());
            yield return update;
        }
    }

    private static void Gather(
        StreamingChatCompletionUpdate update, Dictionary<int, StringBuilder> open, Dictionary<string, StringBuilder> arguments)
    {
        foreach (var part in update.ToolCallUpdates ?? [])
        {
            if (!open.TryGetValue(part.Index, out var text))
                open[part.Index] = text = new StringBuilder();
            if (part.ToolCallId is { Length: > 0 } id)
                arguments.TryAdd(id, text);
            text.Append(part.FunctionArgumentsUpdate?.ToString());
        }
    }
}
