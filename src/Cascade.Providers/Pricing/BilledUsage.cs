namespace Cascade.Providers.Pricing;

/// <summary>
/// What a provider bills one call for, in one form for all of them: kinds of prompt tokens are parts of <see cref="InputTokens"/>, reasoning is a
/// part of <see cref="OutputTokens"/>.
/// </summary>
public readonly record struct BilledUsage
{
    /// <summary>All prompt tokens, at least 0: read from a cache, written to one, images, and the rest.</summary>
    public long InputTokens { get; init; }

    /// <summary>Prompt tokens that were read from the provider's cache.</summary>
    public long CachedInputTokens { get; init; }

    /// <summary>Prompt tokens that were written to the provider's cache.</summary>
    public long CacheWriteTokens { get; init; }

    /// <summary>Prompt tokens of images, where the provider tells them apart and neither read nor wrote them in its cache.</summary>
    public long ImageInputTokens { get; init; }

    /// <summary>All answer tokens, at least 0, reasoning included.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Answer tokens that the model thought and did not say.</summary>
    public long ReasoningTokens { get; init; }

    /// <summary>Images in the prompt.</summary>
    public long Images { get; init; }

    /// <summary>Calls of tools that the provider runs and bills itself, such as a web search.</summary>
    public long ToolCalls { get; init; }

    /// <summary>Prompt tokens of no special kind.</summary>
    internal long PlainInputTokens => InputTokens - CachedInputTokens - CacheWriteTokens - ImageInputTokens;

    /// <summary>Answer tokens that were said.</summary>
    internal long SaidTokens => OutputTokens - ReasoningTokens;

    /// <summary>Whether no count is negative and no part is larger than its whole.</summary>
    internal bool IsConsistent =>
        CachedInputTokens >= 0 && CacheWriteTokens >= 0 && ImageInputTokens >= 0 && ReasoningTokens >= 0 && Images >= 0 && ToolCalls >= 0
        && (Int128)CachedInputTokens + CacheWriteTokens + ImageInputTokens <= InputTokens && ReasoningTokens <= OutputTokens;
}
