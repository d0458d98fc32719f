using System.Collections.Immutable;
using Cascade.Contracts;

namespace Cascade.Server.Gateway.Wire;

internal sealed record ChatLogprobs
{
    public required IReadOnlyList<ChatTokenLogprob>? Content { get; init; }

    public required IReadOnlyList<ChatTokenLogprob>? Refusal { get; init; }

    public static ChatLogprobs? From(AnswerLogProbabilities? tokens) => tokens is null ? null : new ChatLogprobs
    {
        Content = From(tokens.Content),
        Refusal = From(tokens.Refusal),
    };

    private static List<ChatTokenLogprob>? From(ImmutableArray<TokenLogProbability> tokens) => tokens.IsDefaultOrEmpty ? null :
    [
        .. tokens.Select(static token => new ChatTokenLogprob
        {
            Token = token.Chosen.Token,
            Logprob = token.Chosen.LogProbability,
            Bytes = BytesOf(token.Chosen),
            TopLogprobs = token.Top.IsDefault ? [] : [.. token.Top.Select(From)],
        }),
    ];

    private static ChatTopLogprob From(TokenAlternative token) => new()
    {
        Token = token.Token,
        Logprob = token.LogProbability,
        Bytes = BytesOf(token),
    };

    // As numbers: an array of bytes would be written as base64.
    private static int[]? BytesOf(TokenAlternative token) => token.Utf8Bytes.IsDefault ? null : [.. token.Utf8Bytes.Select(static b => (int)b)];
}

internal sealed record ChatTokenLogprob
{
    public required string Token { get; init; }

    public required double Logprob { get; init; }

    public required IReadOnlyList<int>? Bytes { get; init; }

    public required IReadOnlyList<ChatTopLogprob> TopLogprobs { get; init; }
}

internal sealed record ChatTopLogprob
{
    public required string Token { get; init; }

    public required double Logprob { get; init; }

    public required IReadOnlyList<int>? Bytes { get; init; }
}
