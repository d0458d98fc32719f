using System.Text.Json;
using Cascade.Contracts;
using Microsoft.Extensions.AI;

namespace Cascade.Grains.Routing;

/// <summary>From the wire's conversation to the model client's.</summary>
internal static class ChatMapping
{
    public static IReadOnlyList<ChatMessage> Messages(CascadeRequest request) =>
        [.. request.Messages.Select(m => new ChatMessage(RoleOf(m.Role), m.Text))];

    public static ChatOptions Options(CascadeRequest request) => new()
    {
        Temperature = (float?)request.Sampling.Temperature,
        TopP = (float?)request.Sampling.TopP,
        Seed = request.Sampling.Seed,
        StopSequences = request.Sampling.Stop.IsDefaultOrEmpty ? null : [.. request.Sampling.Stop],
        ResponseFormat = FormatOf(request.Format),
    };

    private static ChatRole RoleOf(ChatMessageRole role) => role switch
    {
        ChatMessageRole.System => ChatRole.System,
        ChatMessageRole.User => ChatRole.User,
        ChatMessageRole.Assistant => ChatRole.Assistant,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "unknown role"),
    };

    private static ChatResponseFormatJson? FormatOf(AnswerFormat? format) => format?.Kind switch
    {
        AnswerFormatKind.JsonObject => ChatResponseFormat.Json,
        AnswerFormatKind.JsonSchema => ChatResponseFormat.ForJsonSchema(
            JsonSerializer.Deserialize<JsonElement>(format.SchemaJson!), format.SchemaName),
        _ => null,
    };
}
