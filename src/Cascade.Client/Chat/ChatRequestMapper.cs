using System.Collections.Immutable;
using Cascade.Contracts;
using Microsoft.Extensions.AI;
using ReasoningEffort = Cascade.Contracts.ReasoningEffort;

namespace Cascade.Client;

/// <summary>Turns what a caller of an <see cref="IChatClient"/> says into a request. Reads the caller's options and never changes them.</summary>
internal static class ChatRequestMapper
{
    /// <summary>The additional property of a function or of options that demands strict schemas, as chat clients name it.</summary>
    public const string StrictProperty = "strict";

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
            Format = ToFormat(options),
            Tools = ChatToolMapper.ToTools(options),
            ToolChoice = ChatToolMapper.ToChoice(options?.ToolMode),
            ParallelToolCalls = options?.AllowMultipleToolCalls,
            TopLogProbabilities = Read<int?>(options, CascadeProperties.TopLogProbabilities),
            ProviderFields = Read<ProviderFields>(options, CascadeProperties.ProviderFields),
            Labels = Read<IReadOnlyDictionary<string, string>>(options, CascadeProperties.Labels) is { } labels
                ? [.. labels.Select(static label => new RequestLabel { Name = label.Key, Value = label.Value })]
                : [],
            Allow = Read<EndpointFilter>(options, CascadeProperties.Allow),
            Priority = Read<RequestPriority>(options, CascadeProperties.Priority),
        };
    }

    private static void RefuseUnsupported(ChatOptions? options)
    {
        var unsupported = options switch
        {
            null => null,
            { ConversationId: not null } => nameof(ChatOptions.ConversationId),
            { TopK: not null } => nameof(ChatOptions.TopK),
            { Reasoning.Output: not (null or ReasoningOutput.None) } => $"{nameof(ChatOptions.Reasoning)}.{nameof(ReasoningOptions.Output)}",
            { AllowBackgroundResponses: true } => nameof(ChatOptions.AllowBackgroundResponses),
            { ContinuationToken: not null } => nameof(ChatOptions.ContinuationToken),
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
            conversation.AddRange(ChatMessageMapper.ToMessages(message));
        }

        return conversation.Count > 0
            ? conversation.DrainToImmutable()
            : throw new ArgumentException("there is no message; send at least one", nameof(messages));
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
            FrequencyPenalty = Widen(options.FrequencyPenalty),
            PresencePenalty = Widen(options.PresencePenalty),
            ReasoningEffort = ToEffort(options.Reasoning?.Effort),
        };
    }

    // By way of decimal, so that 0.1f becomes 0.1 and not 0.10000000149.
    private static double? Widen(float? value) => value switch
    {
        null => null,
        > -1000f and < 1000f => (double)(decimal)value.Value,
        _ => value,
    };

    private static ReasoningEffort ToEffort(Microsoft.Extensions.AI.ReasoningEffort? effort) => effort switch
    {
        null => ReasoningEffort.None,
        Microsoft.Extensions.AI.ReasoningEffort.None => ReasoningEffort.Off,
        Microsoft.Extensions.AI.ReasoningEffort.Low => ReasoningEffort.Low,
        Microsoft.Extensions.AI.ReasoningEffort.Medium => ReasoningEffort.Medium,
        Microsoft.Extensions.AI.ReasoningEffort.High => ReasoningEffort.High,
        Microsoft.Extensions.AI.ReasoningEffort.ExtraHigh => ReasoningEffort.ExtraHigh,
        _ => throw new NotSupportedException($"ChatOptions.Reasoning.Effort {effort} is not supported by the cascade"),
    };

    private static AnswerFormat? ToFormat(ChatOptions? options) => options?.ResponseFormat switch
    {
        null or ChatResponseFormatText => null,
        ChatResponseFormatJson { Schema: null } => new AnswerFormat { Kind = AnswerFormatKind.JsonObject },
        ChatResponseFormatJson json => new AnswerFormat
        {
            Kind = AnswerFormatKind.JsonSchema,
            SchemaName = json.SchemaName ?? "answer",
            SchemaJson = json.Schema.Value.GetRawText(),
            SchemaDescription = json.SchemaDescription,
            Strict = Read<bool?>(options, StrictProperty),
        },
        var other => throw new NotSupportedException($"response format {other.GetType().Name} is not supported; use text or JSON"),
    };

    private static string? ReadText(ChatOptions? options, string name) => Read<string>(options, name);

    private static T? Read<T>(ChatOptions? options, string name) =>
        options?.AdditionalProperties?.TryGetValue(name, out var value) is not true || value is null ? default
            : value is T typed ? typed
            : throw new ArgumentException(
                $"ChatOptions.AdditionalProperties['{name}'] is not {(typeof(T) == typeof(string) ? "text" : Nullable.GetUnderlyingType(typeof(T))?.Name ?? typeof(T).Name)}",
                nameof(options));
}
