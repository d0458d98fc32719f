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

    public object? Logprobs { get; init; }

    public required string FinishReason { get; init; }
}

internal sealed record ChatAnswer
{
    public string Role { get; init; } = "assistant";

    public required string Content { get; init; }

    public object? Refusal { get; init; }
}

internal sealed record ChatUsage
{
    public required long PromptTokens { get; init; }

    public required long CompletionTokens { get; init; }

    public required long TotalTokens { get; init; }
}
