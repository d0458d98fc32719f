using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace Cascade.TestKit.Providers;

/// <summary>Reads and writes the chat completions protocol, as far as tests need it.</summary>
internal static class StubWire
{
    public static StubRequest? Read(HttpRequest http, string body, int index)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return new StubRequest
            {
                Index = index,
                AttemptId = http.Headers["X-Client-Request-Id"].ToString(),
                Authorization = http.Headers.Authorization.ToString(),
                Path = http.Path,
                Body = body,
                HeaderNames = [.. http.Headers.Keys],
                Model = root.GetProperty("model").GetString() ?? "",
                Messages = [.. root.GetProperty("messages").EnumerateArray().Select(StubMessages.Read)],
                Options = Options(root),
                Streams = IsTrue(root, "stream"),
                IncludesUsage = root.TryGetProperty("stream_options", out var stream) && IsTrue(stream, "include_usage"),
            };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    public static JsonObject Completion(StubRequest request, ChatResponse response, StubBill bill, StubFault? fault)
    {
        var completion = new JsonObject
        {
            ["id"] = $"chatcmpl-stub-{request.Index}",
            ["object"] = "chat.completion",
            ["created"] = 1_700_000_000,
            ["model"] = response.ModelId ?? request.Model,
            ["choices"] = Choices(response),
        };
        if (fault is not StubFault.MissingUsage)
        {
            completion["usage"] = Usage(bill, fault);
        }

        return completion;
    }

    public static JsonArray Choices(ChatResponse response) => response.RawRepresentation is JsonArray recorded ? recorded.DeepClone().AsArray() : new JsonArray(new JsonObject
    {
        ["index"] = 0,
        ["message"] = StubMessages.Write(response),
        ["logprobs"] = null,
        ["finish_reason"] = response.FinishReason?.Value ?? "stop",
    });

    /// <summary>What the provider says it bills, which need not be what it bills.</summary>
    public static JsonObject Usage(StubBill bill, StubFault? fault) => fault is StubFault.ReportTokens lie
        ? Usage(lie.InputTokens, lie.OutputTokens)
        : Usage(bill.InputTokens, bill.OutputTokens);

    public static JsonObject Usage(long inputTokens, long outputTokens) => new()
    {
        ["prompt_tokens"] = inputTokens,
        ["completion_tokens"] = outputTokens,
        ["total_tokens"] = inputTokens + outputTokens,
    };

    private static bool IsTrue(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static ChatOptions Options(JsonElement root) => new()
    {
        MaxOutputTokens = Number(root, "max_completion_tokens") ?? Number(root, "max_tokens"),
        Temperature = root.TryGetProperty("temperature", out var temperature) ? temperature.GetSingle() : null,
    };

    private static int? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
}
