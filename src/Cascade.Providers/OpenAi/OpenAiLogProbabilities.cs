using System.Collections.Immutable;
using Cascade.Providers.Calling;
using OpenAI.Chat;

namespace Cascade.Providers.OpenAi;

/// <summary>Reads log-probabilities off OpenAI's answers.</summary>
internal static class OpenAiLogProbabilities
{
    public static ModelLogProbabilities? Of(ChatCompletion completion) =>
        Of(completion.ContentTokenLogProbabilities, completion.RefusalTokenLogProbabilities);

    public static ModelLogProbabilities? Of(StreamingChatCompletionUpdate update) =>
        Of(update.ContentTokenLogProbabilities, update.RefusalTokenLogProbabilities);

    private static ModelLogProbabilities? Of(
        IReadOnlyList<ChatTokenLogProbabilityDetails>? content, IReadOnlyList<ChatTokenLogProbabilityDetails>? refusal) =>
        content is { Count: > 0 } || refusal is { Count: > 0 } ? new ModelLogProbabilities(Tokens(content), Tokens(refusal)) : null;

    private static ImmutableArray<ModelToken> Tokens(IReadOnlyList<ChatTokenLogProbabilityDetails>? tokens) =>
    [
        .. (tokens ?? []).Select(static token => new ModelToken(token.Token, token.LogProbability, Bytes(token.Utf8Bytes))
        {
            Top = [.. token.TopLogProbabilities.Select(static top => new ModelToken(top.Token, top.LogProbability, Bytes(top.Utf8Bytes)))],
        }),
    ];

    private static ImmutableArray<byte> Bytes(ReadOnlyMemory<byte>? bytes) => bytes is { } known ? [.. known.Span] : default;
}
