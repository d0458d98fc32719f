using System.Text;
using Cascade.Providers.OpenAi;
using OpenAI.Chat;

namespace Cascade.Providers.Calling;

/// <summary>
/// What a chunk of a stream holds beyond what the chat client hands on with it: pieces of calls of tools, which come as contents when they are whole, pieces of a
/// refusal, and log-probabilities. It stands in for the SDK's own object.
/// </summary>
/// <param name="CallBytes">Bytes of names and arguments of calls.</param>
/// <param name="Refusal">A piece of a refusal; empty for none.</param>
/// <param name="Tokens">Log-probabilities; null for none.</param>
internal sealed record UnseenParts(int CallBytes, string Refusal, ModelLogProbabilities? Tokens)
{
    /// <summary>Reads them off the SDK's object; null when there are none.</summary>
    public static UnseenParts? Of(object? raw)
    {
        if (raw is not StreamingChatCompletionUpdate update)
            return raw as UnseenParts;
        var bytes = 0;
        foreach (var call in update.ToolCallUpdates ?? [])
            bytes += Encoding.UTF8.GetByteCount(call.FunctionName ?? "") + (call.FunctionArgumentsUpdate?.ToMemory().Length ?? 0);
        var parts = new UnseenParts(bytes, update.RefusalUpdate ?? "", OpenAiLogProbabilities.Of(update));
        return parts is { CallBytes: 0, Refusal: "", Tokens: null } ? null : parts;
    }
}
