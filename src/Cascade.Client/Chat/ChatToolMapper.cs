using System.Collections.Immutable;
using Cascade.Contracts;
using Microsoft.Extensions.AI;

namespace Cascade.Client;

/// <summary>Turns the tools of an <see cref="IChatClient"/>'s caller into tools of a request.</summary>
internal static class ChatToolMapper
{
    public static ImmutableArray<ToolDefinition> ToTools(ChatOptions? options) => options?.Tools is { } tools ? [.. tools.Select(ToTool)] : [];

    public static ToolChoice? ToChoice(ChatToolMode? mode) => mode switch
    {
        null => null,
        AutoChatToolMode => new ToolChoice { Kind = ToolChoiceKind.Auto },
        NoneChatToolMode => new ToolChoice { Kind = ToolChoiceKind.Forbidden },
        RequiredChatToolMode { RequiredFunctionName: { } name } => new ToolChoice { Kind = ToolChoiceKind.Function, Name = name },
        RequiredChatToolMode => new ToolChoice { Kind = ToolChoiceKind.Required },
        _ => throw new NotSupportedException($"ChatOptions.ToolMode of type {mode.GetType().Name} is not supported; use auto, none or required"),
    };

    private static ToolDefinition ToTool(AITool tool) => tool is AIFunctionDeclaration function
        ? new ToolDefinition
        {
            Name = function.Name,
            Description = function.Description.Length > 0 ? function.Description : null,
            ParametersJson = function.JsonSchema.GetRawText(),
            Strict = function.AdditionalProperties.TryGetValue(ChatRequestMapper.StrictProperty, out var strict) ? strict as bool? : null,
        }
        : throw new NotSupportedException($"ChatOptions.Tools holds a {tool.GetType().Name}, which is not supported; give functions");
}
