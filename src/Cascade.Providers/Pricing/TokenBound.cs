using System.Text;
using Microsoft.Extensions.AI;

namespace Cascade.Providers.Pricing;

/// <summary>
/// Bounds token counts from above without the model's tokenizer: a byte-level BPE token stands for at least one byte, so
/// UTF-8 bytes over the fewest bytes a token can stand for is never too low.
/// </summary>
/// <remarks>It does not hold for tokenizers that first expand the text (NFKC): configure less than one byte per token for those.</remarks>
public static class TokenBound
{
    /// <summary>
    /// Tokens that a chat template may put around one message. ChatML takes 4 and Llama 3 takes 5 (two header marks, the role, a line
    /// break, an end mark); a name and a dummy prefix space cost one each.
    /// </summary>
    public const int TokensPerMessage = 8;

    /// <summary>
    /// Tokens that a provider may add to every request: the marks that open the answer (3), and a default system text that several open
    /// templates insert when the caller gives none (20 to 30 with Qwen 2.5 and Llama 3.1).
    /// </summary>
    public const int TokensPerRequest = 64;

    /// <summary>Bounds the prompt tokens of a request from above. Instructions, tools and a JSON schema count as prompt text.</summary>
    /// <param name="messages">The conversation; text only.</param>
    /// <param name="options">The options that are sent with it; may be null.</param>
    /// <param name="minBytesPerToken">The fewest UTF-8 bytes that one token can stand for, above 0.</param>
    /// <returns>Tokens.</returns>
    /// <exception cref="NotSupportedException">A message holds something other than text, whose tokens cannot be bounded here.</exception>
    public static long InputTokens(IReadOnlyList<ChatMessage> messages, ChatOptions? options, double minBytesPerToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        long bytes = messages.Sum(MessageBytes);
        if (options is not null)
            bytes += OptionBytes(options);
        return InputTokens(bytes, messages.Count, minBytesPerToken);
    }

    /// <summary>Bounds the prompt tokens of a request from above.</summary>
    /// <param name="utf8Bytes">All text of the request in UTF-8, schema and tools included, at least 0.</param>
    /// <param name="messageCount">Messages, at least 0.</param>
    /// <param name="minBytesPerToken">The fewest UTF-8 bytes that one token can stand for, above 0.</param>
    /// <returns>Tokens.</returns>
    public static long InputTokens(long utf8Bytes, int messageCount, double minBytesPerToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(messageCount);
        return checked(TextTokens(utf8Bytes, minBytesPerToken) + ((long)messageCount * TokensPerMessage) + TokensPerRequest);
    }

    /// <summary>An upper estimate of the billed answer tokens, for a provider that reports none.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="maxOutputTokens">The limit that was sent; null when there was none. No answer is longer than its limit.</param>
    /// <param name="minBytesPerToken">The fewest UTF-8 bytes that one token can stand for, above 0.</param>
    /// <returns>Tokens.</returns>
    public static long OutputTokens(string text, long? maxOutputTokens, double minBytesPerToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bound = TextTokens(Encoding.UTF8.GetByteCount(text), minBytesPerToken) + TokensPerMessage;
        return maxOutputTokens is { } limit ? Math.Min(limit, bound) : bound;
    }

    private static long TextTokens(long utf8Bytes, double minBytesPerToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(utf8Bytes);
        if (!(minBytesPerToken > 0) || !double.IsFinite(minBytesPerToken))
            throw new ArgumentOutOfRangeException(nameof(minBytesPerToken), minBytesPerToken, "Must be above 0 and finite.");

        var tokens = checked((long)Math.Ceiling(utf8Bytes / minBytesPerToken));

        // The quotient may have been rounded down onto a whole number; a bound must not be one short.
        return tokens * minBytesPerToken < utf8Bytes ? tokens + 1 : tokens;
    }

    private static long MessageBytes(ChatMessage message)
    {
        long bytes = Bytes(message.Role.Value) + Bytes(message.AuthorName);
        foreach (var content in message.Contents)
        {
            if (content is not TextContent text)
                throw new NotSupportedException($"A message holds {content.GetType().Name}; only text can be bounded.");
            bytes += Bytes(text.Text);
        }

        return bytes;
    }

    private static long OptionBytes(ChatOptions options)
    {
        long bytes = Bytes(options.Instructions);
        if (options.ResponseFormat is ChatResponseFormatJson json)
            bytes += Bytes(json.Schema?.GetRawText()) + Bytes(json.SchemaName) + Bytes(json.SchemaDescription);
        foreach (var tool in options.Tools ?? [])
        {
            bytes += Bytes(tool.Name) + Bytes(tool.Description);
            if (tool is AIFunctionDeclaration function)
                bytes += Bytes(function.JsonSchema.GetRawText());
        }

        return bytes;
    }

    private static long Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
