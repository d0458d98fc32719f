using System.Collections.Immutable;

namespace Cascade.Providers.Calling;

/// <summary>A tool that the model wants called.</summary>
/// <param name="CallId">The provider's name of the call.</param>
/// <param name="Name">The tool.</param>
/// <param name="ArgumentsJson">The arguments exactly as the model wrote them, which need not be valid JSON.</param>
public sealed record ModelToolCall(string CallId, string Name, string ArgumentsJson);

/// <summary>How sure the model was of a token.</summary>
/// <param name="Text">The token's text.</param>
/// <param name="LogProbability">The natural logarithm of its probability.</param>
/// <param name="Utf8Bytes">Its bytes; default when the provider gives none.</param>
public sealed record ModelToken(string Text, double LogProbability, ImmutableArray<byte> Utf8Bytes)
{
    /// <summary>The likeliest tokens at this place, the likeliest first.</summary>
    public ImmutableArray<ModelToken> Top { get; init; } = [];
}

/// <summary>How sure the model was of its answer, token by token.</summary>
/// <param name="Content">The tokens of the answer.</param>
/// <param name="Refusal">The tokens of the refusal.</param>
public sealed record ModelLogProbabilities(ImmutableArray<ModelToken> Content, ImmutableArray<ModelToken> Refusal);
