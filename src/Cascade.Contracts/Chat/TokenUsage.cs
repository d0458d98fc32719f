namespace Cascade.Contracts;

/// <summary>Tokens that a provider counted, or that were counted for it.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.usage")]
public readonly record struct TokenUsage
{
    /// <summary>Tokens of the prompt.</summary>
    [Id(0)]
    public long InputTokens { get; init; }

    /// <summary>Tokens of the answer, reasoning included.</summary>
    [Id(1)]
    public long OutputTokens { get; init; }

    /// <summary>Adds two usages.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Their sum.</returns>
    public static TokenUsage operator +(TokenUsage left, TokenUsage right) => new()
    {
        InputTokens = left.InputTokens + right.InputTokens,
        OutputTokens = left.OutputTokens + right.OutputTokens,
    };
}
