using System.Text;
using Cascade.Providers.Pricing;
using Microsoft.Extensions.AI;

namespace Cascade.Providers.Calling;

/// <summary>
/// What has arrived of a streamed answer. Thread-safe, because whoever gives a call up reads it while a client that does not heed its token may
/// still be adding.
/// </summary>
/// <param name="rule">What a count in a stream counts.</param>
/// <param name="saysWhyItStopped">Whether every whole answer says why it ended, so that a count alone does not make one whole.</param>
internal sealed class StreamedAnswer(StreamUsageRule rule, bool saysWhyItStopped)
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly List<AIContent> _others = [];
    private ChatFinishReason? _finishReason;
    private readonly StringBuilder _thoughts = new();
    private readonly StreamedUsage _usage = new(rule);
    private readonly List<ModelToken> _tokens = [];
    private readonly List<ModelToken> _refusalTokens = [];
    private readonly StringBuilder _refusal = new();
    private long _unseenBytes;
    private bool _sawCalls;
    private bool _countIsCurrent;
    private bool _countCameLast;
    private bool _closed;

    /// <summary>Whether any part of the answer arrived; the empty chunk that opens a stream is none.</summary>
    public bool HasPart { get; private set; }

    /// <summary>Whether the answer is whole: the model said why it stopped, or the provider counted everything.</summary>
    public bool IsWhole => _finishReason is not null || IsCounted;

    /// <summary>Whether the provider's count is of the whole answer. One that came with, or before, a part is only the count so far.</summary>
    public bool IsCounted => _usage.Total is { InputTokenCount: >= 0, OutputTokenCount: >= 0 }
        && _countIsCurrent && (_finishReason is not null || (_countCameLast && !saysWhyItStopped));

    /// <summary>Bytes of the answer so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds an update.</summary>
    /// <returns>Its text; null when the answer is closed.</returns>
    public string? Add(ChatResponseUpdate update)
    {
        lock (_lock)
        {
            if (_closed)
                return null;
            _finishReason = update.FinishReason ?? _finishReason;
            var text = "";
            var (counted, part) = (false, TakeUnseen(update));
            foreach (var content in update.Contents)
            {
                if (content is TextContent words)
                    text = text.Length == 0 ? words.Text : text + words.Text;
                counted |= content is UsageContent;
                part |= Take(content);
            }

            _countIsCurrent = counted || (_countIsCurrent && !part);
            _countCameLast = !part && (_countCameLast || (counted && HasPart));
            HasPart |= part;
            _text.Append(text);
            Bytes += Encoding.UTF8.GetByteCount(text);
            return text;
        }
    }

    /// <summary>Nothing is added any more.</summary>
    public void Close()
    {
        lock (_lock)
            _closed = true;
    }

    /// <summary>The answer as a call without a stream gives it.</summary>
    public ChatResponse ToResponse()
    {
        List<AIContent> contents = [new TextContent(_text.ToString()), .. _others];
        if (_refusal.Length > 0)
            contents.Add(new ErrorContent(_refusal.ToString()) { ErrorCode = AnswerReader.RefusalCode });
        if (_thoughts.Length > 0)
            contents.Add(new TextReasoningContent(_thoughts.ToString()));
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
        {
            FinishReason = _finishReason,
            RawRepresentation = _tokens.Count > 0 || _refusalTokens.Count > 0 ? new ModelLogProbabilities([.. _tokens], [.. _refusalTokens]) : null,
            Usage = IsCounted ? _usage.Total : new UsageDetails { InputTokenCount = _usage.Total?.InputTokenCount },
        };
    }

    /// <summary>The fewest tokens that can have been billed for what arrived. Nothing that arrived can be nothing that is billed, the prompt included.</summary>
    public (long Input, long Output) Least(ModelCall call) => (
        Math.Max(Known(_usage.Total?.InputTokenCount) ?? 0, HasPart ? TokenBound.LeastInputTokens(call.Messages) : 0),
        Math.Max(Known(_usage.Total?.OutputTokenCount) ?? 0, TokenBound.LeastTokens(Bytes + _unseenBytes)));

    /// <summary>The most tokens that can have been billed by a provider that stopped when the stream broke.</summary>
    public (long Input, long Output) Most(ModelCall call, double minBytesPerToken)
    {
        var output = TokenBound.OutputTokens(Bytes + _unseenBytes, minBytesPerToken) + call.Stream.MarginTokens;
        return (
            Known(_usage.Total?.InputTokenCount) ?? TokenBound.InputTokens(call.Messages, call.Options, minBytesPerToken, call.TokensPerImage),
            Math.Max(Known(_usage.Total?.OutputTokenCount) ?? 0, Math.Min(output, call.Options.MaxOutputTokens ?? long.MaxValue)));
    }

    // The client gives a call of a tool and a refusal when they are whole; what is billed is made before that.
    private bool TakeUnseen(ChatResponseUpdate update)
    {
        if (UnseenParts.Of(update.RawRepresentation) is not { } parts)
            return false;
        _tokens.AddRange(parts.Tokens?.Content ?? []);
        _refusalTokens.AddRange(parts.Tokens?.Refusal ?? []);
        _refusal.Append(parts.Refusal);
        _sawCalls |= parts.CallBytes > 0;
        var bytes = parts.CallBytes + Encoding.UTF8.GetByteCount(parts.Refusal);
        _unseenBytes += bytes;
        return bytes > 0;
    }

    /// <returns>Whether it is a part of the answer.</returns>
    private bool Take(AIContent content)
    {
        switch (content)
        {
            case UsageContent { Details: var usage }:
                _usage.Add(usage);
                return false;
            case TextContent { Text: var text }:
                return text is { Length: > 0 };
            case TextReasoningContent { Text: var thought }:
                _thoughts.Append(thought);
                _unseenBytes += Encoding.UTF8.GetByteCount(thought ?? "");
                return thought is { Length: > 0 };
            case ErrorContent { ErrorCode: AnswerReader.RefusalCode } when _refusal.Length > 0:
                return false;
            case FunctionCallContent when _sawCalls:
                // Its pieces were parts; the whole comes after the provider's count and does not make that a count of less.
                _others.Add(content);
                return false;
            default:
                _others.Add(content);
                return true;
        }
    }

    private static long? Known(long? reported) => reported is >= 0 and <= UsageMeter.MostTokens ? reported : null;
}
