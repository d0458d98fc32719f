using System.Text.Json.Serialization;

namespace Cascade.Server.Gateway.Wire;

internal sealed record ChatCompletionResponse
{
    public required string Id { get; init; }

    public string Object { get; init; } = "chat.completion";

    public required long Created { get; init; }

    public required string Model { get; init; }

    public required IReadOnlyList<ChatChoice> Choices { get; init; }

    public required ChatUsage Usage { get; init; }
}

internal sealed record ChatChoice
{
    public required int Index { get; init; }

    public required ChatAnswer Message { get; init; }

    public ChatLogprobs? Logprobs { get; init; }

    public required string FinishReason { get; init; }
}

internal sealed record ChatAnswer
{
    public string Role { get; init; } = "assistant";

    public required string? Content { get; init; }

    public string? Refusal { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ChatToolCall>? ToolCalls { get; init; }
}

internal sealed record ChatToolCall
{
    public required string Id { get; init; }

    public string Type { get; init; } = "function";

    public required ChatFunctionCall Function { get; init; }
}

internal sealed record ChatFunctionCall
{
    public required string Name { get; init; }

    public required string Arguments { get; init; }
}

internal sealed record ChatUsage
{
    public required long PromptTokens { get; init; }

    public required long CompletionTokens { get; init; }

    public required long TotalTokens { get; init; }
}
