using System.Text.Json;
using Cascade.Contracts;
using Cascade.Providers.Calling;
using Microsoft.Extensions.AI;

namespace Cascade.Grains.Routing;

/// <summary>From one message of the wire to one of the model client.</summary>
internal static class MessageMapping
{
    /// <summary>How chat clients name a refusal among the contents of a message.</summary>
    private const string RefusalCode = "Refusal";

    public static ChatMessage ToChat(CascadeMessage message) => new(RoleOf(message.Role), [.. Contents(message)]) { AuthorName = message.Name };

    private static IEnumerable<AIContent> Contents(CascadeMessage message)
    {
        if (message.Role == ChatMessageRole.Tool)
        {
            yield return new FunctionResultContent(message.ToolCallId!, message.PlainText);
            yield break;
        }

        if (!message.Parts.IsDefaultOrEmpty)
        {
            foreach (var part in message.Parts)
            {
                yield return part.Kind == ContentPartKind.Image ? Image(part) : new TextContent(part.Text);
            }
        }
        else if (message.Text.Length > 0 || (message.ToolCalls.IsDefaultOrEmpty && message.RefusalText is null))
        {
            yield return new TextContent(message.Text);
        }

        if (message.RefusalText is { } refusal)
        {
            yield return new ErrorContent(refusal) { ErrorCode = RefusalCode };
        }

        foreach (var call in message.ToolCalls.IsDefault ? [] : message.ToolCalls)
        {
            yield return new FunctionCallContent(call.CallId, call.Name, Arguments(call.ArgumentsJson))
            {
                RawRepresentation = new ModelToolCall(call.CallId, call.Name, call.ArgumentsJson),
            };
        }
    }

    private static AIContent Image(ContentPart part)
    {
        AIContent image = part.Uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            ? new DataContent(part.Uri)
            : new UriContent(part.Uri, "image/*");
        if (part.Detail != ImageDetail.None)
        {
            image.AdditionalProperties = new AdditionalPropertiesDictionary { ["detail"] = DetailOf(part.Detail) };
        }

        return image;
    }

    // What a model wrote need not be an object; clients that cannot send it as it is then send a call without arguments.
    private static Dictionary<string, object?>? Arguments(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, object?>>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ChatRole RoleOf(ChatMessageRole role) => role switch
    {
        ChatMessageRole.System => ChatRole.System,
        ChatMessageRole.User => ChatRole.User,
        ChatMessageRole.Assistant => ChatRole.Assistant,
        ChatMessageRole.Tool => ChatRole.Tool,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "unknown role"),
    };

    private static string DetailOf(ImageDetail detail) => detail switch
    {
        ImageDetail.Auto => "auto",
        ImageDetail.Low => "low",
        ImageDetail.High => "high",
        _ => throw new ArgumentOutOfRangeException(nameof(detail), detail, "unknown detail"),
    };
}
