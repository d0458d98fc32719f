using System.Collections.Immutable;
using Cascade.Contracts;
using Microsoft.Extensions.AI;

namespace Cascade.Client;

/// <summary>Turns what a caller of an <see cref="IChatClient"/> says into a request. Reads the caller's options and never changes them.</summary>
internal static class ChatRequestMapper
{
    private const int MaxStops = 4;

    public static CascadeRequest ToRequest(IEnumerable<ChatMessage> messages, ChatOptions? options, CascadeChatClientOptions defaults)
    {
        RefuseUnsupported(options);
        var conversation = ToMessages(messages, options?.Instructions);
        return new CascadeRequest
        {
            Operation = ReadText(options, CascadeProperties.OperationId) is { } id ? new OperationId(id) : defaults.NewOperationId(),
            Account = ReadText(options, CascadeProperties.Account) is { } account ? new AccountId(account) : defaults.Account,
            Model = options?.ModelId ?? defaults.DefaultModel
                ?? throw new ArgumentException("no model is named; set ChatOptions.ModelId or CascadeChatClientOptions.DefaultModel", nameof(options)),
            Messages = conversation,
            Sampling = ToSampling(options),
            Format = ToFormat(options?.ResponseFormat),
        };
    }

    private static void RefuseUnsupported(ChatOptions? options)
    {
        var unsupported = options switch
        {
            null => null,
            { Tools.Count: > 0 } => nameof(ChatOptions.Tools),
            { ToolMode: not (null or AutoChatToolMode or NoneChatToolMode) } => nameof(ChatOptions.ToolMode),
            { ConversationId: not null } => nameof(ChatOptions.ConversationId),
            { TopK: not null } => nameof(ChatOptions.TopK),
            { FrequencyPenalty: not (null or 0) } => nameof(ChatOptions.FrequencyPenalty),
            { PresencePenalty: not (null or 0) } => nameof(ChatOptions.PresencePenalty),
            { Reasoning: not null } => nameof(ChatOptions.Reasoning),
            { RawRepresentationFactory: not null } => nameof(ChatOptions.RawRepresentationFactory),
            _ => null,
        };
        if (unsupported is not null)
        {
            throw new NotSupportedException($"ChatOptions.{unsupported} is not supported by the cascade; leave it unset");
        }
    }

    private static ImmutableArray<CascadeMessage> ToMessages(IEnumerable<ChatMessage> messages, string? instructions)
    {
        var conversation = ImmutableArray.CreateBuilder<CascadeMessage>();
        if (!string.IsNullOrEmpty(instructions))
        {
            conversation.Add(new CascadeMessage { Role = ChatMessageRole.System, Text = instructions });
        }

        foreach (var message in messages)
        {
            conversation.Add(new CascadeMessage { Role = ToRole(message.Role), Text = ToText(message) });
        }

        return conversation.Count > 0
            ? conversation.DrainToImmutable()
            : throw new ArgumentException("there is no message; send at least one", nameof(messages));
    }

    private static ChatMessageRole ToRole(ChatRole role) => role.Value.ToLowerInvariant() switch
    {
        "system" or "developer" => ChatMessageRole.System,
        "user" => ChatMessageRole.User,
        "assistant" => ChatMessageRole.Assistant,
        _ => throw new NotSupportedException($"messages of role '{role.Value}' are not supported; use system, user or assistant"),
    };

    private static string ToText(ChatMessage message)
    {
        foreach (var content in message.Contents)
        {
            // Earlier answers come back with their usage and reasoning attached; neither is part of what was said.
            if (content is not (TextContent or UsageContent or TextReasoningContent))
            {
                throw new NotSupportedException($"message content of type {content.GetType().Name} is not supported; send text");
            }
        }

        return message.Text;
    }

    private static SamplingOptions ToSampling(ChatOptions? options)
    {
        if (options is null)
        {
            return new SamplingOptions();
        }

        if (options.StopSequences is { Count: > MaxStops } stops)
        {
            throw new ArgumentException($"ChatOptions.StopSequences has {stops.Count} texts; give at most {MaxStops}", nameof(options));
        }

        return new SamplingOptions
        {
            MaxOutputTokens = options.MaxOutputTokens,
            Temperature = Widen(options.Temperature),
            TopP = Widen(options.TopP),
            Seed = options.Seed,
            Stop = options.StopSequences is { } texts ? [.. texts] : [],
        };
    }

    // By way of decimal, so that 0.1f becomes 0.1 and not 0.10000000149.
    private static double? Widen(float? value) => value switch
    {
        null => null,
        > -1000f and < 1000f => (double)(decimal)value.Value,
        _ => value,
    };

    private static AnswerFormat? ToFormat(ChatResponseFormat? format) => format switch
    {
        null or ChatResponseFormatText => null,
        ChatResponseFormatJson { Schema: null } => new AnswerFormat { Kind = AnswerFormatKind.JsonObject },
        ChatResponseFormatJson json => new AnswerFormat
        {
            Kind = AnswerFormatKind.JsonSchema,
            SchemaName = json.SchemaName ?? "answer",
            SchemaJson = json.Schema.Value.GetRawText(),
        },
        _ => throw new NotSupportedException($"response format {format.GetType().Name} is not supported; use text or JSON"),
    };

    private static string? ReadText(ChatOptions? options, string name) =>
        options?.AdditionalProperties?.TryGetValue(name, out var value) is not true || value is null
            ? null
            : value as string ?? throw new ArgumentException($"ChatOptions.AdditionalProperties['{name}'] is not text", nameof(options));
}
