using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Cascade.Contracts;

namespace Cascade.Server.Gateway.Requests;

/// <summary>The tools of a request, and which of them the model must call.</summary>
internal sealed record ToolQuestion(ImmutableArray<ToolDefinition> Tools, ToolChoice? Choice, bool? Parallel);

internal static class ToolReader
{
    public static ToolQuestion Read(JsonFields body, int maxTools, FieldProblems problems)
    {
        var tools = ReadTools(body, maxTools, problems);
        return new ToolQuestion(tools, ReadChoice(body, problems), body.Flag("parallel_tool_calls"));
    }

    private static ImmutableArray<ToolDefinition> ReadTools(JsonFields body, int maxTools, FieldProblems problems)
    {
        if (body.Find("tools") is not { } tools)
        {
            return [];
        }

        if (tools.ValueKind != JsonValueKind.Array)
        {
            problems.Invalid("tools", $"'tools' is {JsonFields.Describe(tools)}; it must be an array of tools");
            return [];
        }

        var count = tools.GetArrayLength();
        if (count > maxTools)
        {
            problems.Invalid("tools", string.Create(CultureInfo.InvariantCulture, $"'tools' has {count} tools; send at most {maxTools}"));
            return [];
        }

        var result = ImmutableArray.CreateBuilder<ToolDefinition>(count);
        foreach (var tool in tools.EnumerateArray())
        {
            result.Add(ReadTool(tool, $"tools[{result.Count}]", problems));
        }

        return result.MoveToImmutable();
    }

    private static ToolDefinition ReadTool(JsonElement tool, string path, FieldProblems problems)
    {
        var nothing = new ToolDefinition { Name = "" };
        if (!IsFunction(tool, path, problems))
        {
            return nothing;
        }

        if (!tool.TryGetProperty("function", out var function) || function.ValueKind != JsonValueKind.Object)
        {
            problems.Missing($"{path}.function", $"'{path}.function' is missing or no object; describe the function there");
            return nothing;
        }

        var fields = new JsonFields(function, problems, $"{path}.function.");
        if (fields.Find("name") is null)
        {
            problems.Missing($"{path}.function.name", $"'{path}.function.name' is missing; name the function");
        }

        var parameters = fields.Find("parameters");
        if (parameters is { ValueKind: not JsonValueKind.Object } other)
        {
            problems.Invalid(
                $"{path}.function.parameters", $"'{path}.function.parameters' is {JsonFields.Describe(other)}; it must be a JSON schema, an object");
        }

        return new ToolDefinition
        {
            Name = fields.Text("name") ?? "",
            Description = fields.Text("description"),
            ParametersJson = parameters?.GetRawText(),
            Strict = fields.Flag("strict"),
        };
    }

    private static ToolChoice? ReadChoice(JsonFields body, FieldProblems problems)
    {
        const string Field = "tool_choice";
        if (body.Find(Field) is not { } choice)
        {
            return null;
        }

        if (choice.ValueKind == JsonValueKind.String)
        {
            switch (choice.GetString())
            {
                case "auto":
                    return new ToolChoice { Kind = ToolChoiceKind.Auto };
                case "none":
                    return new ToolChoice { Kind = ToolChoiceKind.Forbidden };
                case "required":
                    return new ToolChoice { Kind = ToolChoiceKind.Required };
                default:
                    problems.Invalid(Field, $"'{Field}' must be auto, none, required or an object that names a function");
                    return null;
            }
        }

        if (!IsFunction(choice, Field, problems))
        {
            return null;
        }

        if (choice.TryGetProperty("function", out var function)
            && function.ValueKind == JsonValueKind.Object
            && function.TryGetProperty("name", out var name)
            && name.ValueKind == JsonValueKind.String)
        {
            return new ToolChoice { Kind = ToolChoiceKind.Function, Name = name.GetString() };
        }

        problems.Missing($"{Field}.function.name", $"'{Field}.function.name' is missing or no string; name the function that must be called");
        return null;
    }

    private static bool IsFunction(JsonElement value, string path, FieldProblems problems)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
        {
            problems.Invalid(path, $"'{path}' must be an object with 'type' and 'function'");
            return false;
        }

        if (type.ValueEquals("function"))
        {
            return true;
        }

        problems.Unsupported($"{path}.type", $"'{path}.type' is not function, the only kind of tool that this server supports; use or remove it");
        return false;
    }
}
