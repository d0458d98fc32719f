using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Cascade.Contracts;

namespace Cascade.Server.Gateway.Requests;

internal static class MessageReader
{
    public static ImmutableArray<CascadeMessage> Read(JsonFields body, int maxMessages, FieldProblems problems)
    {
        if (body.Find("messages") is not { } messages)
        {
            problems.Missing("messages", "'messages' is missing; send at least one message");
            return [];
        }

        if (messages.ValueKind != JsonValueKind.Array)
        {
            problems.Invalid("messages", $"'messages' is {JsonFields.Describe(messages)}; it must be an array of messages");
            return [];
        }

        var count = messages.GetArrayLength();
        if (count == 0 || count > maxMessages)
        {
            problems.Invalid("messages", string.Create(
                CultureInfo.InvariantCulture, $"'messages' has {count} messages; send 1 to {maxMessages}"));
            return [];
        }

        var result = ImmutableArray.CreateBuilder<CascadeMessage>(count);
        foreach (var message in messages.EnumerateArray())
        {
            result.Add(ReadMessage(message, $"messages[{result.Count}]", problems));
        }

        var conversation = result.MoveToImmutable();
        if (!problems.Any && conversation.All(m => m.Text.Length == 0))
        {
            problems.Invalid("messages", "'messages' holds no text at all; put the question into a message's 'content'");
        }

        return conversation;
    }

    private static CascadeMessage ReadMessage(JsonElement message, string path, FieldProblems problems)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            problems.Invalid(path, $"'{path}' is {JsonFields.Describe(message)}; it must be an object with 'role' and 'content'");
            return new CascadeMessage { Role = ChatMessageRole.None, Text = "" };
        }

        RefuseUnsupported(message, path, problems);
        return new CascadeMessage { Role = ReadRole(message, path, problems), Text = ReadContent(message, path, problems) };
    }

    private static void RefuseUnsupported(JsonElement message, string path, FieldProblems problems)
    {
        foreach (var name in (ReadOnlySpan<string>)["tool_calls", "tool_call_id", "function_call", "audio"])
        {
            if (message.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                problems.Unsupported($"{path}.{name}", $"'{path}.{name}' is not supported by this server; remove it");
            }
        }
    }

    private static ChatMessageRole ReadRole(JsonElement message, string path, FieldProblems problems)
    {
        if (!message.TryGetProperty("role", out var role) || role.ValueKind != JsonValueKind.String)
        {
            problems.Missing($"{path}.role", $"'{path}.role' is missing or no string; use system, developer, user or assistant");
            return ChatMessageRole.None;
        }

        switch (role.GetString())
        {
            case "system" or "developer":
                return ChatMessageRole.System;
            case "user":
                return ChatMessageRole.User;
            case "assistant":
                return ChatMessageRole.Assistant;
            case "tool" or "function":
                problems.Unsupported($"{path}.role", $"'{path}.role' is tool or function, which this server does not support; remove the message");
                return ChatMessageRole.None;
            default:
                problems.Invalid($"{path}.role", $"'{path}.role' is no known role; use system, developer, user or assistant");
                return ChatMessageRole.None;
        }
    }

    private static string ReadContent(JsonElement message, string path, FieldProblems problems)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
        {
            problems.Missing($"{path}.content", $"'{path}.content' is missing; send a string or an array of text parts");
            return "";
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            return content.GetString()!;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            problems.Invalid(
                $"{path}.content",
                $"'{path}.content' is {JsonFields.Describe(content)}; send a string or an array of text parts");
            return "";
        }

        var text = new StringBuilder();
        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            text.Append(ReadPart(part, $"{path}.content[{index++}]", problems));
        }

        return text.ToString();
    }

    private static string ReadPart(JsonElement part, string path, FieldProblems problems)
    {
        if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
        {
            problems.Invalid(path, $"'{path}' must be an object with 'type' and 'text'");
            return "";
        }

        if (!type.ValueEquals("text"))
        {
            var known = type.GetString() is "image_url" or "input_audio" or "file" or "refusal";
            problems.Unsupported(
                $"{path}.type",
                $"'{path}' is {(known ? $"of type {type.GetString()}" : "of an unknown type")}, which this server does not support; send text only");
            return "";
        }

        if (!part.TryGetProperty("text", out var text) || text.ValueKind != JsonValueKind.String)
        {
            problems.Missing($"{path}.text", $"'{path}.text' is missing or no string; put the text there");
            return "";
        }

        return text.GetString()!;
    }
}
