namespace Cascade.Contracts;

/// <summary>
/// Tokens that a provider counted, or that were counted for it. Cached, written and image tokens are parts of the prompt's, reasoning is a part of
/// the answer's, whatever the provider's own way to count is.
/// </summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.usage")]
public readonly record struct TokenUsage
{
    /// <summary>Tokens of the prompt.</summary>
    [Id(0)]
    public long InputTokens { get; init; }

    /// <summary>Tokens of the answer, reasoning included.</summary>
    [Id(1)]
    public long OutputTokens { get; init; }

    /// <summary>Prompt tokens that the provider read from its cache.</summary>
    [Id(2)]
    public long CachedInputTokens { get; init; }

    /// <summary>Prompt tokens that the provider wrote to its cache.</summary>
    [Id(3)]
    public long CacheWriteTokens { get; init; }

    /// <summary>Prompt tokens of images, where the provider tells them apart.</summary>
    [Id(4)]
    public long ImageInputTokens { get; init; }

    /// <summary>Answer tokens that were thought and not said.</summary>
    [Id(5)]
    public long ReasoningTokens { get; init; }

    /// <summary>Images of the prompt.</summary>
    [Id(6)]
    public long Images { get; init; }

    /// <summary>Calls of tools that the provider ran and billed itself.</summary>
    [Id(7)]
    public long ToolCalls { get; init; }

    /// <summary>Adds two usages.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Their sum.</returns>
    public static TokenUsage operator +(TokenUsage left, TokenUsage right) => new()
    {
        InputTokens = left.InputTokens + right.InputTokens,
        OutputTokens = left.OutputTokens + right.OutputTokens,
        CachedInputTokens = left.CachedInputTokens + right.CachedInputTokens,
        CacheWriteTokens = left.CacheWriteTokens + right.CacheWriteTokens,
        ImageInputTokens = left.ImageInputTokens + right.ImageInputTokens,
        ReasoningTokens = left.ReasoningTokens + right.ReasoningTokens,
        Images = left.Images + right.Images,
        ToolCalls = left.ToolCalls + right.ToolCalls,
    };
}
