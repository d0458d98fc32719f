using System.Globalization;
using System.Text.Json;

namespace Cascade.Server.Gateway.Requests;

/// <summary>Reads typed fields of a JSON object. An absent field and a null one are the same, as they are for OpenAI.</summary>
internal readonly struct JsonFields(JsonElement container, FieldProblems problems, string prefix = "")
{
    public JsonElement? Find(string name) =>
        container.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public string? Text(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        problems.Invalid(prefix + name, $"'{prefix}{name}' is {Describe(value)}; it must be a string");
        return null;
    }

    public bool? Flag(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        problems.Invalid(prefix + name, $"'{prefix}{name}' is {Describe(value)}; it must be true or false");
        return null;
    }

    public long? Whole(string name, long min, long max)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= min && number <= max)
        {
            return number;
        }

        problems.Invalid(prefix + name, string.Create(
            CultureInfo.InvariantCulture, $"'{prefix}{name}' is {Describe(value)}; it must be a whole number from {min} to {max}"));
        return null;
    }

    public double? Number(string name, double min, double max)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= min && number <= max)
        {
            return number;
        }

        problems.Invalid(prefix + name, string.Create(
            CultureInfo.InvariantCulture, $"'{prefix}{name}' is {Describe(value)}; it must be a number from {min} to {max}"));
        return null;
    }

    /// <summary>One of a few words; the default value when it is absent.</summary>
    public T Word<T>(string name, params ReadOnlySpan<(string Word, T Value)> words)
        where T : struct
    {
        if (Find(name) is not { } value)
        {
            return default;
        }

        foreach (var (word, meaning) in words)
        {
            if (value.ValueKind == JsonValueKind.String && value.ValueEquals(word))
            {
                return meaning;
            }
        }

        var all = new List<string>(words.Length);
        foreach (var (word, _) in words)
        {
            all.Add(word);
        }

        problems.Invalid(prefix + name, $"'{prefix}{name}' must be one of {string.Join(", ", all)}");
        return default;
    }

    /// <summary>Says what a value is without repeating text of the request.</summary>
    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.GetRawText() is { Length: <= 32 } raw => raw,
        JsonValueKind.Number => "a number with too many digits",
        JsonValueKind.String => "a string",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };
}
