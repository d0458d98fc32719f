using System.Collections.Immutable;
using System.Text.Json;
using Cascade.Contracts;
using Cascade.Server.Gateway.Errors;

namespace Cascade.Server.Gateway.Requests;

/// <summary>Reads <c>x_cascade</c>: what a caller may ask of this server that OpenAI has no field for.</summary>
internal static class ExtensionReader
{
    /// <summary>The field.</summary>
    public const string Field = "x_cascade";

    private const string Allow = Field + ".allow";

    /// <returns>Which endpoints may be called; null for all that the account may use.</returns>
    public static EndpointFilter? ReadAllow(JsonFields body, FieldProblems problems)
    {
        if (Section(body.Find(Field), Field, ["allow"], problems) is not { } extension
            || !extension.TryGetProperty("allow", out var value) || value.ValueKind == JsonValueKind.Null
            || Section(value, Allow, ["endpoints", "regions", "tags", "providers"], problems) is not { } allow)
        {
            return null;
        }

        var filter = new EndpointFilter
        {
            Endpoints = Names(allow, "endpoints", problems),
            Regions = Names(allow, "regions", problems),
            Tags = Names(allow, "tags", problems),
            Providers = Names(allow, "providers", problems),
        };
        return filter.IsEmpty ? null : filter;
    }

    private static JsonElement? Section(JsonElement? section, string path, string[] known, FieldProblems problems)
    {
        if (section is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            problems.Invalid(path, $"'{path}' is {JsonFields.Describe(value)}; it must be an object");
            return null;
        }

        if (value.EnumerateObject().Any(field => !known.Contains(field.Name, StringComparer.Ordinal)))
        {
            problems.Add(GatewayErrors.Unknown, path, $"'{path}' has a field that nobody knows; send only {string.Join(", ", known)}");
        }

        return value;
    }

    // A list that allows nobody is more likely a mistake than a wish, so it is refused and not read as one that allows all.
    private static ImmutableArray<string> Names(JsonElement allow, string name, FieldProblems problems)
    {
        if (!allow.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (list.ValueKind == JsonValueKind.Array
            && list.GetArrayLength() is > 0 and <= EndpointFilter.MaxNames
            && list.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String && item.GetString()!.Length is > 0 and <= EndpointFilter.MaxNameLength))
        {
            return [.. list.EnumerateArray().Select(static item => item.GetString()!)];
        }

        problems.Invalid(
            $"{Allow}.{name}", $"'{Allow}.{name}' must be a list of 1 to {EndpointFilter.MaxNames} names of at most {EndpointFilter.MaxNameLength} characters; remove it to leave nobody out");
        return [];
    }
}
