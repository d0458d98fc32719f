using System.Text.Json;
using Cascade.Contracts;

namespace Cascade.Server.Gateway.Requests;

internal static class FormatReader
{
    private const string Field = "response_format";

    public static AnswerFormat? Read(JsonFields body, FieldProblems problems)
    {
        if (body.Find(Field) is not { } format)
        {
            return null;
        }

        var type = format.ValueKind == JsonValueKind.Object && format.TryGetProperty("type", out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
        switch (type)
        {
            case "text":
                return null;
            case "json_object":
                return new AnswerFormat { Kind = AnswerFormatKind.JsonObject };
            case "json_schema":
                return ReadSchema(format, problems);
            default:
                problems.Invalid(Field, $"'{Field}' must be an object whose 'type' is text, json_object or json_schema");
                return null;
        }
    }

    private static AnswerFormat? ReadSchema(JsonElement format, FieldProblems problems)
    {
        if (!format.TryGetProperty("json_schema", out var outer)
            || outer.ValueKind != JsonValueKind.Object
            || !outer.TryGetProperty("name", out var name)
            || name.ValueKind != JsonValueKind.String
            || name.GetString() is not { Length: > 0 and <= 64 } text)
        {
            problems.Missing($"{Field}.json_schema.name", $"'{Field}.json_schema' must be an object with a 'name' of 1 to 64 characters");
            return null;
        }

        if (!outer.TryGetProperty("schema", out var schema) || schema.ValueKind != JsonValueKind.Object)
        {
            problems.Missing($"{Field}.json_schema.schema", $"'{Field}.json_schema.schema' is missing or no object; put the JSON schema there");
            return null;
        }

        var fields = new JsonFields(outer, problems, $"{Field}.json_schema.");
        return new AnswerFormat
        {
            Kind = AnswerFormatKind.JsonSchema,
            SchemaName = text,
            SchemaJson = schema.GetRawText(),
            SchemaDescription = fields.Text("description"),
            Strict = fields.Flag("strict"),
        };
    }
}
