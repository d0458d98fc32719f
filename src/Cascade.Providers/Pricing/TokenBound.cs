using System.Text;
using System.Text.Json;
using Cascade.Providers.Calling;
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

    /// <summary>The most bytes that one token stands for: the longest tokens of the large vocabularies are runs of 128 spaces.</summary>
    public const int MostBytesPerToken = 128;

    /// <summary>Tokens that a provider may add to a request that offers tools: Anthropic documents up to 700 for its instructions on them.</summary>
    public const int TokensForTools = 1024;

    /// <summary>Tokens that a provider may put around one tool, one call of a tool, or one result of one.</summary>
    public const int TokensPerTool = 32;

    /// <summary>
    /// Bounds the prompt tokens of a request from above. Instructions, tools, their calls and results, and a JSON schema count as prompt text.
    /// </summary>
    /// <param name="messages">The conversation: text, images, calls of tools and their results.</param>
    /// <param name="options">The options that are sent with it; may be null.</param>
    /// <param name="minBytesPerToken">The fewest UTF-8 bytes that one token can stand for, above 0.</param>
    /// <param name="tokensPerImage">The most tokens that one image can cost, at least 0.</param>
    /// <returns>Tokens.</returns>
    /// <exception cref="NotSupportedException">
    /// A message holds something whose tokens cannot be bounded, which is also an image when <paramref name="tokensPerImage"/> is 0.
    /// </exception>
    public static long InputTokens(IReadOnlyList<ChatMessage> messages, ChatOptions? options, double minBytesPerToken, long tokensPerImage = 0)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentOutOfRangeException.ThrowIfNegative(tokensPerImage);
        var bytes = messages.Sum(MessageBytes) + (options is null ? 0 : OptionBytes(options));
        var images = Images(messages);
        if (images > 0 && tokensPerImage == 0)
            throw new NotSupportedException("A message holds an image, and nothing bounds its tokens.");
        var tools = options?.Tools?.Count ?? 0;
        var pieces = tools + messages.Sum(message => message.Contents.Count(content => content is FunctionCallContent or FunctionResultContent));
        return checked(
            InputTokens(bytes, messages.Count, minBytesPerToken) + (images * tokensPerImage) + ((long)pieces * TokensPerTool)
            + (tools > 0 ? TokensForTools : 0));
    }

    /// <summary>Counts the images of a conversation.</summary>
    /// <param name="messages">The conversation.</param>
    /// <returns>Images.</returns>
    public static long Images(IReadOnlyList<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return messages.Sum(message => (long)message.Contents.Count(IsImage));
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
        return Limited(TextTokens(Encoding.UTF8.GetByteCount(text), minBytesPerToken) + TokensPerMessage, maxOutputTokens);
    }

    /// <summary>An upper estimate of the billed answer tokens, for a provider that reports none; calls of tools count as text.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="maxOutputTokens">The limit that was sent; null when there was none.</param>
    /// <param name="minBytesPerToken">The fewest UTF-8 bytes that one token can stand for, above 0.</param>
    /// <returns>Tokens.</returns>
    public static long OutputTokens(ChatResponse response, long? maxOutputTokens, double minBytesPerToken)
    {
        ArgumentNullException.ThrowIfNull(response);
        var contents = response.Messages.SelectMany(message => message.Contents).ToArray();
        var bytes = contents.Where(IsWritten).Sum(ContentBytes);
        var pieces = contents.Count(content => content is FunctionCallContent);
        return Limited(TextTokens(bytes, minBytesPerToken) + TokensPerMessage + ((long)pieces * TokensPerTool), maxOutputTokens);
    }

    private static long Limited(long bound, long? maxOutputTokens) => maxOutputTokens is { } limit ? Math.Min(limit, bound) : bound;

    private static bool IsWritten(AIContent content) => content is TextContent or TextReasoningContent or FunctionCallContent;

    /// <summary>An upper estimate of the answer tokens in a text of which only the size is known.</summary>
    /// <param name="utf8Bytes">The text's bytes in UTF-8, at least 0.</param>
    /// <param name="minBytesPerToken">The fewest UTF-8 bytes that one token can stand for, above 0.</param>
    /// <returns>Tokens.</returns>
    public static long OutputTokens(long utf8Bytes, double minBytesPerToken) => TextTokens(utf8Bytes, minBytesPerToken) + TokensPerMessage;

    /// <summary>Bounds the tokens of a text from below.</summary>
    /// <param name="utf8Bytes">The text's bytes in UTF-8, at least 0.</param>
    /// <returns>Tokens.</returns>
    public static long LeastTokens(long utf8Bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(utf8Bytes);
        return (utf8Bytes + MostBytesPerToken - 1) / MostBytesPerToken;
    }

    /// <summary>Bounds the prompt tokens of a request from below, by its text alone.</summary>
    /// <param name="messages">The conversation.</param>
    /// <returns>Tokens.</returns>
    public static long LeastInputTokens(IReadOnlyList<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return LeastTokens(messages.SelectMany(message => message.Contents).OfType<TextContent>().Sum(text => Bytes(text.Text)));
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

    private static bool IsImage(AIContent content) => content switch
    {
        DataContent data => data.HasTopLevelMediaType("image"),
        UriContent uri => uri.HasTopLevelMediaType("image"),
        _ => false,
    };

    private static long MessageBytes(ChatMessage message) =>
        Bytes(message.Role.Value) + Bytes(message.AuthorName) + message.Contents.Sum(ContentBytes);

    private static long ContentBytes(AIContent content) => content switch
    {
        TextContent text => Bytes(text.Text),
        TextReasoningContent reasoning => Bytes(reasoning.Text) + Bytes(reasoning.ProtectedData),
        FunctionCallContent { RawRepresentation: ModelToolCall raw } => Bytes(raw.CallId) + Bytes(raw.Name) + Bytes(raw.ArgumentsJson),
        FunctionCallContent call => Bytes(call.CallId) + Bytes(call.Name) + JsonBytes(call.Arguments),
        FunctionResultContent result => Bytes(result.CallId) + (result.Result is string text ? Bytes(text) : JsonBytes(result.Result)),
        ErrorContent refusal => Bytes(refusal.Message),
        _ when IsImage(content) => 0,
        _ => throw new NotSupportedException($"A message holds {content.GetType().Name}, whose tokens cannot be bounded."),
    };

    private static long JsonBytes(object? value) =>
        value is null ? 0 : JsonSerializer.SerializeToUtf8Bytes(value, AIJsonUtilities.DefaultOptions).Length;

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
