using Cascade.Providers.Calling;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Cascade.Providers.OpenAi;

/// <summary>Messages whose tool calls and refusals are sent as they were said.</summary>
internal static class ExactMessages
{
    public static ChatMessage Of(ChatMessage message)
    {
        var calls = message.Contents.OfType<FunctionCallContent>().Select(static content => content.RawRepresentation).OfType<ModelToolCall>().ToList();
        var refusal = message.Contents.OfType<ErrorContent>().FirstOrDefault(static error => error.ErrorCode == AnswerReader.RefusalCode)?.Message;
        return message.Role == ChatRole.Assistant && (calls.Count > 0 || refusal is not null)
            ? new ChatMessage(message.Role, message.Contents) { AuthorName = message.AuthorName, RawRepresentation = Assistant(message, calls, refusal) }
            : message;
    }

    private static AssistantChatMessage Assistant(ChatMessage message, List<ModelToolCall> calls, string? refusal)
    {
        var tools = calls.Select(static call =>
            ChatToolCall.CreateFunctionToolCall(call.CallId, call.Name, BinaryData.FromString(call.ArgumentsJson))).ToList();
        var text = message.Text;
        var exact = text.Length > 0 ? new AssistantChatMessage(text)
            : tools.Count > 0 ? new AssistantChatMessage(tools)
            : new AssistantChatMessage(ChatMessageContentPart.CreateRefusalPart(refusal));
        if (text.Length > 0)
            tools.ForEach(exact.ToolCalls.Add);
        if (refusal is not null && (text.Length > 0 || tools.Count > 0))
            exact.Refusal = refusal;
        if (message.AuthorName is { } name)
            exact.ParticipantName = name;
        return exact;
    }
}
