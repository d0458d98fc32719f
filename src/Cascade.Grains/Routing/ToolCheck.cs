using System.Text.Json;
using Cascade.Contracts;

namespace Cascade.Grains.Routing;

/// <summary>Says what is wrong with the tools of a request.</summary>
internal static class ToolCheck
{
    /// <summary>The first problem, naming the field and the repair; null when there is none.</summary>
    public static string? Problem(CascadeRequest request)
    {
        if (request.Tools.IsDefaultOrEmpty)
        {
            return request.ToolChoice?.Kind is ToolChoiceKind.Required or ToolChoiceKind.Function
                ? "tool_choice: demands a tool and no tool is offered; give tools, or remove it"
                : null;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < request.Tools.Length; i++)
        {
            if (Problem(request.Tools[i], $"tools[{i}].function", names) is { } problem)
            {
                return problem;
            }
        }

        return Choice(request.ToolChoice, names);
    }

    private static string? Problem(ToolDefinition tool, string path, HashSet<string> names)
    {
        if (!MessageCheck.IsName(tool.Name))
        {
            return $"{path}.name: is not 1 to 64 letters, digits, _ and -; change it";
        }

        if (!names.Add(tool.Name))
        {
            return $"{path}.name: another tool has the name '{tool.Name}'; each needs its own";
        }

        return tool.ParametersJson is { } schema && !IsObject(schema) ? $"{path}.parameters: is not a JSON object; give a JSON schema" : null;
    }

    private static string? Choice(ToolChoice? choice, HashSet<string> names) => choice?.Kind switch
    {
        null or ToolChoiceKind.Auto or ToolChoiceKind.Forbidden or ToolChoiceKind.Required => null,
        ToolChoiceKind.Function => choice.Name is { } name && names.Contains(name)
            ? null
            : "tool_choice.function.name: names no tool that is offered; use the name of one",
        _ => "tool_choice: is not set; use auto, none, required or a function",
    };

    private static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
