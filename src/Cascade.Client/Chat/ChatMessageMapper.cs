using System.Collections.Immutable;
using System.Text.Json;
using Cascade.Contracts;
using Microsoft.Extensions.AI;

namespace Cascade.Client;

/// <summary>Turns messages of an <see cref="IChatClient"/>'s caller into messages of a request. What it cannot say it refuses by name.</summary>
internal static class ChatMessageMapper
{
    /// <summary>How chat clients name a refusal among the contents of a message.</summary>
    public const string RefusalCode = "Refusal";

    private static readonly JsonSerializerOptions OneLine = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static IEnumerable<CascadeMessage> ToMessages(ChatMessage message) => ToRole(message.Role) switch
    {
        ChatMessageRole.Tool => message.Contents.Select(ToResult),
        var role => [ToMessage(message, role)],
    };

    private static CascadeMessage ToMessage(ChatMessage message, ChatMessageRole role)
    {
        var parts = ImmutableArray.CreateBuilder<ContentPart>();
        var calls = ImmutableArray.CreateBuilder<ToolCall>();
        string? refusal = null;
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case TextContent text:
                    parts.Add(ContentPart.OfText(text.Text));
                    break;
                case DataContent image when role == ChatMessageRole.User && image.HasTopLevelMediaType("image"):
                    parts.Add(ContentPart.OfImage(image.Uri, ToDetail(image)));
                    break;
                case UriContent image when role == ChatMessageRole.User && image.HasTopLevelMediaType("image"):
                    parts.Add(ContentPart.OfImage(image.Uri.AbsoluteUri, ToDetail(image)));
                    break;
                case FunctionCallContent call when role == ChatMessageRole.Assistant:
                    calls.Add(ToCall(call));
                    break;
                case ErrorContent { ErrorCode: RefusalCode } error when role == ChatMessageRole.Assistant:
                    refusal += error.Message;
                    break;
                case UsageContent or TextReasoningContent:
                    // Earlier answers come back with their usage and reasoning attached; neither is part of what was said.
                    break;
                default:
                    throw new NotSupportedException(
                        $"content of type {content.GetType().Name} is not supported in a message of role '{message.Role.Value}'; send text"
                        + (role == ChatMessageRole.User ? " or images" : ""));
            }
        }

        var plain = parts.All(static part => part.Kind == ContentPartKind.Text);
        return new CascadeMessage
        {
            Role = role,
            Text = plain ? string.Concat(parts.Select(static part => part.Text)) : "",
            Parts = plain ? [] : parts.DrainToImmutable(),
            ToolCalls = calls.DrainToImmutable(),
            Name = message.AuthorName,
            RefusalText = refusal,
        };
    }

    private static CascadeMessage ToResult(AIContent content) => content is FunctionResultContent result
        ? new CascadeMessage { Role = ChatMessageRole.Tool, ToolCallId = result.CallId, Text = ToText(result.Result) }
        : throw new NotSupportedException($"content of type {content.GetType().Name} is not supported in a message of role 'tool'; send function results");

    private static string ToText(object? result) => result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        JsonElement json => json.GetRawText(),
        _ => JsonSerializer.Serialize(result, OneLine),
    };

    private static ToolCall ToCall(FunctionCallContent call) => call.RawRepresentation as ToolCall ?? new ToolCall
    {
        CallId = call.CallId,
        Name = call.Name,
        ArgumentsJson = call.Arguments is null ? "{}" : JsonSerializer.Serialize(call.Arguments, OneLine),
    };

    private static ImageDetail ToDetail(AIContent image) =>
        image.AdditionalProperties?.TryGetValue("detail", out var detail) is not true || detail is null ? ImageDetail.None : detail.ToString() switch
        {
            "auto" => ImageDetail.Auto,
            "low" => ImageDetail.Low,
            "high" => ImageDetail.High,
            _ => throw new NotSupportedException("an image's additional property 'detail' is unknown; use auto, low or high"),
        };

    private static ChatMessageRole ToRole(ChatRole role) => role.Value.ToLowerInvariant() switch
    {
        "system" or "developer" => ChatMessageRole.System,
        "user" => ChatMessageRole.User,
        "assistant" => ChatMessageRole.Assistant,
        "tool" => ChatMessageRole.Tool,
        _ => throw new NotSupportedException($"messages of role '{role.Value}' are not supported; use system, user, assistant or tool"),
    };
}
