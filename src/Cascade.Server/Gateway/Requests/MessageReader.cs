using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Cascade.Contracts;
using Cascade.Grains.Configuration;

namespace Cascade.Server.Gateway.Requests;

internal static class MessageReader
{
    public static ImmutableArray<CascadeMessage> Read(JsonFields body, HttpConfig limits, FieldProblems problems)
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
        if (count == 0 || count > limits.MaxMessages)
        {
            problems.Invalid("messages", string.Create(
                CultureInfo.InvariantCulture, $"'messages' has {count} messages; send 1 to {limits.MaxMessages}"));
            return [];
        }

        var result = ImmutableArray.CreateBuilder<CascadeMessage>(count);
        foreach (var message in messages.EnumerateArray())
        {
            result.Add(ReadMessage(message, $"messages[{result.Count}]", limits, problems));
        }

        var conversation = result.MoveToImmutable();
        CheckWhole(conversation, limits, problems);
        return conversation;
    }

    private static void CheckWhole(ImmutableArray<CascadeMessage> conversation, HttpConfig limits, FieldProblems problems)
    {
        var images = conversation.Sum(static m => m.Parts.Count(static part => part.Kind == ContentPartKind.Image));
        if (images > limits.MaxImages)
        {
            problems.Invalid("messages", string.Create(
                CultureInfo.InvariantCulture, $"'messages' holds {images} images; send at most {limits.MaxImages}"));
        }

        if (!problems.Any && images == 0 && conversation.All(static m => m.PlainText.Length == 0))
        {
            problems.Invalid("messages", "'messages' holds no text at all; put the question into a message's 'content'");
        }
    }

    private static CascadeMessage ReadMessage(JsonElement message, string path, HttpConfig limits, FieldProblems problems)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            problems.Invalid(path, $"'{path}' is {JsonFields.Describe(message)}; it must be an object with 'role' and 'content'");
            return new CascadeMessage { Role = ChatMessageRole.None };
        }

        RefuseUnsupported(message, path, problems);
        var role = ReadRole(message, path, problems);
        var calls = ToolCallReader.Read(message, path, limits.MaxToolCalls, problems);
        var fields = new JsonFields(message, problems, $"{path}.");
        var refusal = fields.Text("refusal");
        var mayBeEmpty = role == ChatMessageRole.Assistant && (calls.Length > 0 || refusal is not null);
        var content = ContentReader.Read(message, path, mayBeEmpty, limits.MaxContentParts, problems);
        return new CascadeMessage
        {
            Role = role,
            Text = content.Text,
            Parts = content.Parts,
            ToolCalls = calls,
            ToolCallId = ReadCallId(fields, role, path, problems),
            Name = role == ChatMessageRole.Tool ? null : fields.Text("name"),
            RefusalText = refusal ?? content.Refusal,
        };
    }

    private static string? ReadCallId(JsonFields fields, ChatMessageRole role, string path, FieldProblems problems)
    {
        var id = fields.Text("tool_call_id");
        if (id is null && role == ChatMessageRole.Tool)
        {
            problems.Missing($"{path}.tool_call_id", $"'{path}.tool_call_id' is missing; say which tool call this is the result of");
        }

        return id;
    }

    private static void RefuseUnsupported(JsonElement message, string path, FieldProblems problems)
    {
        foreach (var name in (ReadOnlySpan<string>)["function_call", "audio"])
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
            problems.Missing($"{path}.role", $"'{path}.role' is missing or no string; use system, developer, user, assistant or tool");
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
            case "tool":
                return ChatMessageRole.Tool;
            case "function":
                problems.Unsupported($"{path}.role", $"'{path}.role' is function, which was replaced by tool; use 'tools' and messages of role tool");
                return ChatMessageRole.None;
            default:
                problems.Invalid($"{path}.role", $"'{path}.role' is no known role; use system, developer, user, assistant or tool");
                return ChatMessageRole.None;
        }
    }
}
