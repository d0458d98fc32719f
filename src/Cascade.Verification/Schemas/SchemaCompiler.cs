using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Cascade.Verification;

/// <summary>Compiles schemas that strangers send: bounded in size and depth, no remote reference, no backtracking pattern.</summary>
internal static class SchemaCompiler
{
    private const int MaxPatternChars = 1_000;
    private const int MaxPatterns = 100;

    private static readonly FrozenSet<string> Types =
        new[] { "array", "boolean", "integer", "null", "number", "object", "string" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Named =
        new[] { "properties", "$defs", "definitions", "dependentSchemas", "dependencies" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Data =
        new[] { "enum", "const", "default", "examples", "example" }.ToFrozenSet(StringComparer.Ordinal);

    internal static CompiledSchema Compile(string? schema, VerifierLimits limits)
    {
        if (string.IsNullOrWhiteSpace(schema))
        {
            return CompiledSchema.Invalid("the JSON schema is empty; send a JSON object");
        }

        if (schema.Length > limits.MaxSchemaChars)
        {
            return CompiledSchema.Invalid($"the JSON schema has {schema.Length} characters; shorten it to at most {limits.MaxSchemaChars}");
        }

        try
        {
            var options = new JsonDocumentOptions { MaxDepth = limits.MaxJsonDepth };
            return JsonNode.Parse(schema, documentOptions: options) is JsonObject root
                ? Compile(root)
                : CompiledSchema.Invalid("the JSON schema is not a JSON object; send an object such as {\"type\":\"object\"}");
        }
        catch (JsonException e)
        {
            return CompiledSchema.Invalid(
                $"the JSON schema is not JSON of at most {limits.MaxJsonDepth} levels (line {e.LineNumber + 1}, position {e.BytePositionInLine}); correct it");
        }
        catch (ArgumentException)
        {
            // JsonNode finds a repeated key only when the object is first read.
            return CompiledSchema.Invalid("the JSON schema repeats a key within one object; remove one of the two");
        }
    }

    private static CompiledSchema Compile(JsonObject root)
    {
        var patterns = new List<PatternValidator>();
        var problem = Prepare(root, patterns);
        if (problem is not null)
        {
            return CompiledSchema.Invalid(problem);
        }

        try
        {
            // Every reference left is within the document, so nothing is awaited that is not already there.
            var compiled = JsonSchema.FromJsonAsync(root.ToJsonString()).GetAwaiter().GetResult();
            var settings = new JsonSchemaValidatorSettings();
            patterns.ForEach(settings.AddCustomFormatValidator);
            compiled.Validate("{}", settings);
            return new CompiledSchema(compiled, settings, "");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library documents no exception type for a schema it cannot read; whichever it is, the schema is what is wrong.
            return CompiledSchema.Invalid($"the JSON schema cannot be used ({e.GetType().Name}); check its types, keywords and references");
        }
    }

    private static string? Prepare(JsonNode? node, List<PatternValidator> patterns)
    {
        if (node is JsonArray array)
        {
            return array.Select(item => Prepare(item, patterns)).FirstOrDefault(p => p is not null);
        }

        if (node is not JsonObject schema)
        {
            return null;
        }

        // Below some keywords the keys are names that the schema's author chose, below others stands data and no schema.
        var problem = schema.Where(p => !Data.Contains(p.Key))
            .SelectMany(p => Named.Contains(p.Key) && p.Value is JsonObject named ? named.Select(n => n.Value) : [p.Value])
            .Select(child => Prepare(child, patterns))
            .FirstOrDefault(p => p is not null);
        return problem ?? ReferenceProblem(schema) ?? TypeProblem(schema) ?? TakePattern(schema, patterns);
    }

    private static string? ReferenceProblem(JsonObject schema)
    {
        if (schema["$ref"] is JsonValue value && value.TryGetValue<string>(out var reference) && !reference.StartsWith('#'))
        {
            return "the JSON schema refers to another document; move what it refers to under '$defs' and use '#/$defs/...'";
        }

        return schema.ContainsKey("patternProperties")
            ? "the JSON schema uses 'patternProperties', which is not supported; list the properties"
            : null;
    }

    // The library reads a type it does not know as no type at all, and would then accept anything.
    private static string? TypeProblem(JsonObject schema)
    {
        var types = schema["type"] is JsonArray several ? several.ToArray() : [schema["type"]];
        return types.Any(t => t is not null && !(t is JsonValue v && v.TryGetValue<string>(out var name) && Types.Contains(name)))
            ? $"a 'type' of the JSON schema is none of {string.Join(", ", Types.Order(StringComparer.Ordinal))}; correct it"
            : null;
    }

    private static string? TakePattern(JsonObject schema, List<PatternValidator> patterns)
    {
        if (schema["pattern"] is not JsonValue value || !value.TryGetValue<string>(out var pattern))
        {
            return null;
        }

        if (pattern.Length > MaxPatternChars || patterns.Count >= MaxPatterns)
        {
            return $"the JSON schema has more than {MaxPatterns} patterns or one longer than {MaxPatternChars} characters; simplify it";
        }

        try
        {
            var format = $"cascade-pattern-{patterns.Count}";
            patterns.Add(new PatternValidator(format, new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)));
            schema.Remove("pattern");
            var all = schema["allOf"] as JsonArray ?? [];
            if (all.Parent is null)
            {
                schema["allOf"] = all;
            }

            all.Add(new JsonObject { ["format"] = format });
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return "a 'pattern' of the JSON schema is not a regular expression without look-around and back-references; simplify it";
        }
    }
}
