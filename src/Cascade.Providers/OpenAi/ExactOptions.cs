using Cascade.Providers.Calling;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatResponseFormat = OpenAI.Chat.ChatResponseFormat;

namespace Cascade.Providers.OpenAi;

/// <summary>Options whose tools, schema and extra fields are sent as they were written.</summary>
internal static class ExactOptions
{
    public static ChatOptions? Of(ChatOptions? options)
    {
        if (options is null)
            return null;

        var exact = options.Clone();
        var earlier = options.RawRepresentationFactory;
        exact.RawRepresentationFactory = client => Fill(earlier?.Invoke(client) as ChatCompletionOptions ?? new ChatCompletionOptions(), options);
        exact.Tools = null;
        exact.ToolMode = null;
        exact.AllowMultipleToolCalls = null;
        if (CallFields.Of(options).ReasoningEffort is not null)
            exact.Reasoning = null;
        if (options.ResponseFormat is ChatResponseFormatJson { Schema: not null })
            exact.ResponseFormat = null;
        return exact;
    }

    private static ChatCompletionOptions Fill(ChatCompletionOptions raw, ChatOptions options)
    {
        foreach (var tool in options.Tools ?? [])
            raw.Tools.Add(Tool(tool));
        if (raw.Tools.Count > 0)
        {
            raw.ToolChoice = Choice(options.ToolMode);
            raw.AllowParallelToolCalls = options.AllowMultipleToolCalls;
        }

        var fields = CallFields.Of(options);
        if (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } format)
        {
            raw.ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(
                format.SchemaName ?? "answer", BinaryData.FromString(schema.GetRawText()), format.SchemaDescription, fields.StrictFormat);
        }

        if (fields.TopLogProbabilities is { } top)
        {
            raw.IncludeLogProbabilities = true;
            raw.TopLogProbabilityCount = top > 0 ? top : null;
        }

        raw.EndUserId = fields.User;
        Patch(raw, fields);
        return raw;
    }

    private static ChatTool Tool(AITool tool) => tool switch
    {
        ToolDeclaration own => ChatTool.CreateFunctionTool(
            own.Name,
            own.Description.Length > 0 ? own.Description : null,
            own.Parameters is { } parameters ? BinaryData.FromString(parameters.GetRawText()) : null,
            own.Strict),
        AIFunctionDeclaration function => ChatTool.CreateFunctionTool(
            function.Name, function.Description, BinaryData.FromString(function.JsonSchema.GetRawText())),
        _ => throw new NotSupportedException($"A tool of type {tool.GetType().Name} cannot be sent; declare a function."),
    };

    private static ChatToolChoice? Choice(ChatToolMode? mode) => mode switch
    {
        NoneChatToolMode => ChatToolChoice.CreateNoneChoice(),
        AutoChatToolMode => ChatToolChoice.CreateAutoChoice(),
        RequiredChatToolMode { RequiredFunctionName: { } name } => ChatToolChoice.CreateFunctionChoice(name),
        RequiredChatToolMode => ChatToolChoice.CreateRequiredChoice(),
        _ => null,
    };

#pragma warning disable SCME0001 // The SDK has no other way to send a field it does not model; the wire test holds it in place.
    private static void Patch(ChatCompletionOptions raw, CallFields fields)
    {
        Set(raw, "$.reasoning_effort"u8, fields.ReasoningEffort);
        Set(raw, "$.verbosity"u8, fields.Verbosity);
        Set(raw, "$.safety_identifier"u8, fields.SafetyIdentifier);
        Set(raw, "$.prompt_cache_key"u8, fields.PromptCacheKey);
        Set(raw, "$.prompt_cache_retention"u8, fields.PromptCacheRetention);
    }

    private static void Set(ChatCompletionOptions raw, ReadOnlySpan<byte> path, string? value)
    {
        if (value is not null)
            raw.Patch.Set(path, value);
    }
#pragma warning restore SCME0001
}
