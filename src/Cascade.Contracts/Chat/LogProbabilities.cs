using System.Collections.Immutable;

namespace Cascade.Contracts;

/// <summary>How sure a model was of one token that it might have written.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.token-alternative")]
public sealed record TokenAlternative
{
    /// <summary>The token's text; a part of a character reads as the replacement character.</summary>
    [Id(0)]
    public required string Token { get; init; }

    /// <summary>The natural logarithm of its probability, at most 0.</summary>
    [Id(1)]
    public required double LogProbability { get; init; }

    /// <summary>The token's UTF-8 bytes; default when the provider gives none.</summary>
    [Id(2)]
    public ImmutableArray<byte> Utf8Bytes { get; init; }
}

/// <summary>How sure a model was of one token that it wrote, and of what it might have written in its place.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.token-log-probability")]
public sealed record TokenLogProbability
{
    /// <summary>The token that was written.</summary>
    [Id(0)]
    public required TokenAlternative Chosen { get; init; }

    /// <summary>The likeliest tokens at this place, the likeliest first; as many as were asked for.</summary>
    [Id(1)]
    public ImmutableArray<TokenAlternative> Top { get; init; } = [];
}

/// <summary>How sure a model was of its answer, token by token.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.answer-log-probabilities")]
public sealed record AnswerLogProbabilities
{
    /// <summary>The tokens of the answer, in order.</summary>
    [Id(0)]
    public ImmutableArray<TokenLogProbability> Content { get; init; } = [];

    /// <summary>The tokens of the refusal, in order.</summary>
    [Id(1)]
    public ImmutableArray<TokenLogProbability> Refusal { get; init; } = [];

    /// <summary>Whether tokens at the end are missing, because there were more than a silo keeps.</summary>
    [Id(2)]
    public bool Truncated { get; init; }
}
