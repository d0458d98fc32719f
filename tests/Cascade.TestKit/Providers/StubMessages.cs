using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Cascade.TestKit.Providers;

/// <summary>Messages of the chat completions protocol with everything they can hold.</summary>
internal static class StubMessages
{
    public static ChatMessage Read(JsonElement message)
    {
        var role = new ChatRole(message.GetProperty("role").GetString() ?? "user");
        var contents = message.TryGetProperty("content", out var content) ? Contents(content).ToList() : [];
        if (role == ChatRole.Tool)
        {
            contents = [new FunctionResultContent(message.GetProperty("tool_call_id").GetString()!, string.Concat(contents.OfType<TextContent>().Select(text => text.Text)))];
        }

        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            contents.AddRange(calls.EnumerateArray().Select(Call));
        }

        return new ChatMessage(role, contents) { AuthorName = message.TryGetProperty("name", out var name) ? name.GetString() : null };
    }

    public static JsonObject Write(ChatResponse response)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = response.Text, ["refusal"] = null };
        var calls = response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToList();
        if (calls.Count > 0)
        {
            message["content"] = response.Text.Length > 0 ? response.Text : null;
            message["tool_calls"] = new JsonArray([.. calls.Select(Call)]);
        }

        return message;
    }

    /// <summary>The choices of the chunks that bring what an answer says beyond its text; arguments come in two pieces.</summary>
    public static IEnumerable<JsonNode> Deltas(JsonNode choice)
    {
        var calls = choice["message"]!["tool_calls"]?.AsArray() ?? [];
        for (var i = 0; i < calls.Count; i++)
        {
            var call = calls[i]!.DeepClone().AsObject();
            var arguments = call["function"]!["arguments"]!.GetValue<string>();
            call["index"] = i;
            call["function"]!["arguments"] = arguments[..(arguments.Length / 2)];
            yield return Chunk(new JsonObject { ["tool_calls"] = new JsonArray(call) });
            var rest = new JsonObject { ["index"] = i, ["function"] = new JsonObject { ["arguments"] = arguments[(arguments.Length / 2)..] } };
            yield return Chunk(new JsonObject { ["tool_calls"] = new JsonArray(rest) });
        }

        if (choice["message"]!["refusal"] is { } refusal)
        {
            yield return Chunk(new JsonObject { ["refusal"] = refusal.DeepClone() });
        }

        if (choice["logprobs"] is { } tokens)
        {
            var chunk = Chunk([]);
            chunk["logprobs"] = tokens.DeepClone();
            yield return chunk;
        }
    }

    private static JsonObject Chunk(JsonObject delta) => new() { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = null };

    private static IEnumerable<AIContent> Contents(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => [new TextContent(content.GetString())],
        JsonValueKind.Array => content.EnumerateArray().Select(Part),
        _ => [],
    };

    private static AIContent Part(JsonElement part)
    {
        switch (part.GetProperty("type").GetString())
        {
            case "text":
                return new TextContent(part.GetProperty("text").GetString());
            case "refusal":
                return new ErrorContent(part.GetProperty("refusal").GetString()) { ErrorCode = "Refusal" };
        }

        var url = part.GetProperty("image_url").GetProperty("url").GetString()!;
        return url.StartsWith("data:", StringComparison.Ordinal) ? new DataContent(url) : new UriContent(url, "image/*");
    }

    private static FunctionCallContent Call(JsonElement call)
    {
        var function = call.GetProperty("function");
        return FunctionCallContent.CreateFromParsedArguments(
            function.GetProperty("arguments").GetString()!,
            call.GetProperty("id").GetString()!,
            function.GetProperty("name").GetString()!,
            json => JsonSerializer.Deserialize<Dictionary<string, object?>>(json)!);
    }

    private static JsonNode Call(FunctionCallContent call) => new JsonObject
    {
        ["id"] = call.CallId,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = JsonSerializer.Serialize(call.Arguments) },
    };
}
