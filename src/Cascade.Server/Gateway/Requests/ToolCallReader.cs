using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Cascade.Contracts;

namespace Cascade.Server.Gateway.Requests;

/// <summary>Reads the tool calls of an earlier answer.</summary>
internal static class ToolCallReader
{
    public static ImmutableArray<ToolCall> Read(JsonElement message, string path, int maxCalls, FieldProblems problems)
    {
        path += ".tool_calls";
        if (!message.TryGetProperty("tool_calls", out var calls) || calls.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (calls.ValueKind != JsonValueKind.Array)
        {
            problems.Invalid(path, $"'{path}' is {JsonFields.Describe(calls)}; it must be an array of tool calls");
            return [];
        }

        var count = calls.GetArrayLength();
        if (count > maxCalls)
        {
            problems.Invalid(path, string.Create(CultureInfo.InvariantCulture, $"'{path}' has {count} tool calls; send at most {maxCalls}"));
            return [];
        }

        var result = ImmutableArray.CreateBuilder<ToolCall>(count);
        foreach (var call in calls.EnumerateArray())
        {
            result.Add(ReadCall(call, $"{path}[{result.Count}]", problems));
        }

        return result.MoveToImmutable();
    }

    private static ToolCall ReadCall(JsonElement call, string path, FieldProblems problems)
    {
        var nothing = new ToolCall { CallId = "", Name = "", ArgumentsJson = "" };
        if (call.ValueKind != JsonValueKind.Object)
        {
            problems.Invalid(path, $"'{path}' is {JsonFields.Describe(call)}; send it as the answer gave it");
            return nothing;
        }

        if (call.TryGetProperty("type", out var type) && !(type.ValueKind == JsonValueKind.String && type.ValueEquals("function")))
        {
            problems.Unsupported($"{path}.type", $"'{path}.type' is not function, the only kind of tool that this server supports; remove the call");
            return nothing;
        }

        if (!call.TryGetProperty("function", out var function) || function.ValueKind != JsonValueKind.Object)
        {
            problems.Missing($"{path}.function", $"'{path}.function' is missing or no object; send the call as the answer gave it");
            return nothing;
        }

        return new ToolCall
        {
            CallId = Required(new JsonFields(call, problems, $"{path}."), "id", $"{path}.id", problems),
            Name = Required(new JsonFields(function, problems, $"{path}.function."), "name", $"{path}.function.name", problems),
            ArgumentsJson = Required(new JsonFields(function, problems, $"{path}.function."), "arguments", $"{path}.function.arguments", problems),
        };
    }

    private static string Required(JsonFields fields, string name, string path, FieldProblems problems)
    {
        if (fields.Find(name) is null)
        {
            problems.Missing(path, $"'{path}' is missing; send the call as the answer gave it");
        }

        return fields.Text(name) ?? "";
    }
}
