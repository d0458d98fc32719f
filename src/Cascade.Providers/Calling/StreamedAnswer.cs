using System.Text;
using Cascade.Providers.OpenAi;
using Cascade.Providers.Pricing;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Cascade.Providers.Calling;

/// <summary>
/// What has arrived of a streamed answer. Thread-safe, because whoever gives a call up reads it while a client that does not heed its token may
/// still be adding.
/// </summary>
internal sealed class StreamedAnswer(StreamUsageRule rule)
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly List<AIContent> _others = [];
    private ChatFinishReason? _finishReason;
    private readonly StringBuilder _thoughts = new();
    private readonly StreamedUsage _usage = new(rule);
    private readonly List<ModelToken> _tokens = [];
    private readonly List<ModelToken> _refusalTokens = [];
    private long _unseenBytes;
    private bool _countIsCurrent;
    private bool _countCameLast;
    private bool _closed;

    /// <summary>Whether any part of the answer arrived; the empty chunk that opens a stream is none.</summary>
    public bool HasPart { get; private set; }

    /// <summary>Whether the answer is whole: the model said why it stopped, or the provider counted everything.</summary>
    public bool IsWhole => _finishReason is not null || IsCounted;

    /// <summary>Whether the provider's count is of the whole answer. One that came with, or before, a part is only the count so far.</summary>
    public bool IsCounted => _usage.Total is { InputTokenCount: >= 0, OutputTokenCount: >= 0 } && _countIsCurrent && (_finishReason is not null || _countCameLast);

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
        if (_thoughts.Length > 0)
            contents.Add(new TextReasoningContent(_thoughts.ToString()));
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
        {
            FinishReason = _finishReason,
            RawRepresentation = _tokens.Count > 0 || _refusalTokens.Count > 0 ? new ModelLogProbabilities([.. _tokens], [.. _refusalTokens]) : null,
            Usage = IsCounted ? _usage.Total : new UsageDetails { InputTokenCount = _usage.Total?.InputTokenCount },
        };
    }

    /// <summary>The fewest tokens that can have been billed for what arrived.</summary>
    public (long Input, long Output) Least(ModelCall call) => (
        Math.Max(Known(_usage.Total?.InputTokenCount) ?? 0, TokenBound.LeastInputTokens(call.Messages)),
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
        if (update.RawRepresentation is not StreamingChatCompletionUpdate raw)
            return false;
        if (OpenAiLogProbabilities.Of(raw) is { } tokens)
        {
            _tokens.AddRange(tokens.Content);
            _refusalTokens.AddRange(tokens.Refusal);
        }

        var bytes = Encoding.UTF8.GetByteCount(raw.RefusalUpdate ?? "");
        foreach (var call in raw.ToolCallUpdates ?? [])
            bytes += Encoding.UTF8.GetByteCount(call.FunctionName ?? "") + (call.FunctionArgumentsUpdate?.ToMemory().Length ?? 0);
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
            default:
                _others.Add(content);
                return true;
        }
    }

    private static long? Known(long? reported) => reported is >= 0 and <= UsageMeter.MostTokens ? reported : null;
}
