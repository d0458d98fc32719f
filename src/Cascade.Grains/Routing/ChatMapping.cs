using System.Text.Json;
using Cascade.Contracts;
using Cascade.Providers.Calling;
using Microsoft.Extensions.AI;
using ReasoningEffort = Cascade.Contracts.ReasoningEffort;

namespace Cascade.Grains.Routing;

/// <summary>From the wire's conversation to the model client's.</summary>
internal static class ChatMapping
{
    public static IReadOnlyList<ChatMessage> Messages(CascadeRequest request) => [.. request.Messages.Select(MessageMapping.ToChat)];

    /// <param name="request">The request.</param>
    /// <param name="judgesTokens">Whether a judge wants to see log-probabilities that the caller did not ask for.</param>
    public static ChatOptions Options(CascadeRequest request, bool judgesTokens)
    {
        var tools = request.Tools.IsDefaultOrEmpty ? null : request.Tools.Select(ToTool).ToList<AITool>();
        var options = new ChatOptions
        {
            Temperature = (float?)request.Sampling.Temperature,
            TopP = (float?)request.Sampling.TopP,
            Seed = request.Sampling.Seed,
            StopSequences = request.Sampling.Stop.IsDefaultOrEmpty ? null : [.. request.Sampling.Stop],
            FrequencyPenalty = (float?)request.Sampling.FrequencyPenalty,
            PresencePenalty = (float?)request.Sampling.PresencePenalty,
            Reasoning = ReasoningOf(request.Sampling.ReasoningEffort),
            ResponseFormat = FormatOf(request.Format),
            Tools = tools,
            ToolMode = tools is null ? null : ModeOf(request.ToolChoice),
            AllowMultipleToolCalls = tools is null ? null : request.ParallelToolCalls,
        };
        FieldsOf(request, judgesTokens).Ride(options);
        return options;
    }

    private static ToolDeclaration ToTool(ToolDefinition tool) => new(
        tool.Name, tool.Description ?? "", tool.ParametersJson is { } schema ? Parse(schema) : null, tool.Strict);

    private static ChatToolMode? ModeOf(ToolChoice? choice) => choice?.Kind switch
    {
        null => null,
        ToolChoiceKind.Auto => ChatToolMode.Auto,
        ToolChoiceKind.Forbidden => ChatToolMode.None,
        ToolChoiceKind.Required => ChatToolMode.RequireAny,
        ToolChoiceKind.Function => ChatToolMode.RequireSpecific(choice.Name!),
        _ => throw new ArgumentOutOfRangeException(nameof(choice), choice.Kind, "unknown tool choice"),
    };

    private static ChatResponseFormatJson? FormatOf(AnswerFormat? format) => format?.Kind switch
    {
        AnswerFormatKind.JsonObject => ChatResponseFormat.Json,
        AnswerFormatKind.JsonSchema => ChatResponseFormat.ForJsonSchema(Parse(format.SchemaJson!), format.SchemaName, format.SchemaDescription),
        _ => null,
    };

    private static CallFields FieldsOf(CascadeRequest request, bool judgesTokens) => new()
    {
        TopLogProbabilities = request.TopLogProbabilities ?? (judgesTokens ? 0 : null),
        ReasoningEffort = WordOf(request.Sampling.ReasoningEffort),
        StrictFormat = request.Format?.Strict,
        Needs = (request.TopLogProbabilities is null ? EndpointFeatures.None : EndpointFeatures.LogProbabilities)
            | (request.Format?.Strict == true ? EndpointFeatures.StrictFormat : EndpointFeatures.None),
        User = request.ProviderFields?.User,
        SafetyIdentifier = request.ProviderFields?.SafetyIdentifier,
        PromptCacheKey = request.ProviderFields?.PromptCacheKey,
        PromptCacheRetention = request.ProviderFields?.PromptCacheRetention,
        Verbosity = request.ProviderFields?.Verbosity switch
        {
            Verbosity.Low => "low",
            Verbosity.Medium => "medium",
            Verbosity.High => "high",
            _ => null,
        },
    };

    private static string? WordOf(ReasoningEffort effort) => effort switch
    {
        ReasoningEffort.None => null,
        ReasoningEffort.Off => "none",
        ReasoningEffort.Minimal => "minimal",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        ReasoningEffort.ExtraHigh => "xhigh",
        _ => throw new ArgumentOutOfRangeException(nameof(effort), effort, "unknown effort"),
    };

    // For providers that do not speak OpenAI's words; the least the abstraction knows is low.
    private static ReasoningOptions? ReasoningOf(ReasoningEffort effort) => effort switch
    {
        ReasoningEffort.None => null,
        ReasoningEffort.Off => new ReasoningOptions { Effort = Microsoft.Extensions.AI.ReasoningEffort.None },
        ReasoningEffort.Minimal or ReasoningEffort.Low => new ReasoningOptions { Effort = Microsoft.Extensions.AI.ReasoningEffort.Low },
        ReasoningEffort.Medium => new ReasoningOptions { Effort = Microsoft.Extensions.AI.ReasoningEffort.Medium },
        ReasoningEffort.High => new ReasoningOptions { Effort = Microsoft.Extensions.AI.ReasoningEffort.High },
        ReasoningEffort.ExtraHigh => new ReasoningOptions { Effort = Microsoft.Extensions.AI.ReasoningEffort.ExtraHigh },
        _ => throw new ArgumentOutOfRangeException(nameof(effort), effort, "unknown effort"),
    };

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
