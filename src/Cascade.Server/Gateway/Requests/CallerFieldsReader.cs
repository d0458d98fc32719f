using System.Collections.Immutable;
using System.Text.Json;
using Cascade.Contracts;

namespace Cascade.Server.Gateway.Requests;

/// <summary>Reads what a caller says to the provider and to the trace, beside the question.</summary>
internal static class CallerFieldsReader
{
    public static ProviderFields? ReadProviderFields(JsonFields body, FieldProblems problems)
    {
        var fields = new ProviderFields
        {
            User = Text(body, "user", problems),
            SafetyIdentifier = Text(body, "safety_identifier", problems),
            PromptCacheKey = Text(body, "prompt_cache_key", problems),
            PromptCacheRetention = Text(body, "prompt_cache_retention", problems),
            Verbosity = body.Word("verbosity", ("low", Verbosity.Low), ("medium", Verbosity.Medium), ("high", Verbosity.High)),
        };
        return fields == new ProviderFields() ? null : fields;
    }

    public static ImmutableArray<RequestLabel> ReadLabels(JsonFields body, FieldProblems problems)
    {
        const string Field = "metadata";
        if (body.Find(Field) is not { } metadata)
        {
            return [];
        }

        if (metadata.ValueKind == JsonValueKind.Object
            && metadata.EnumerateObject().Count() <= RequestLabel.MaxCount
            && metadata.EnumerateObject().All(static label =>
                label.Name.Length is > 0 and <= RequestLabel.MaxNameLength
                && label.Value.ValueKind == JsonValueKind.String
                && label.Value.GetString()!.Length <= RequestLabel.MaxValueLength))
        {
            return [.. metadata.EnumerateObject().Select(static label => new RequestLabel { Name = label.Name, Value = label.Value.GetString()! })];
        }

        problems.Invalid(
            Field,
            $"'{Field}' must be an object of at most {RequestLabel.MaxCount} strings, with names of 1 to {RequestLabel.MaxNameLength} characters "
            + $"and values of at most {RequestLabel.MaxValueLength}");
        return [];
    }

    public static int? ReadTopLogProbabilities(JsonFields body, FieldProblems problems)
    {
        var wanted = body.Flag("logprobs");
        var top = body.Whole("top_logprobs", 0, CascadeRequest.MaxTopLogProbabilities);
        if (top is not null && wanted is not true)
        {
            problems.Invalid("top_logprobs", "'top_logprobs' needs 'logprobs' to be true; set it, or remove 'top_logprobs'");
        }

        return wanted is true ? (int)(top ?? 0) : null;
    }

    /// <summary>Refuses what would keep the answer somewhere.</summary>
    public static void CheckPromises(JsonFields body, FieldProblems problems)
    {
        if (body.Flag("store") is true)
        {
            problems.Unsupported("store", "'store' is true, but this server keeps no answers, nor lets a provider keep them; remove it or set it to false");
        }
    }

    /// <summary>
    /// Reads how urgent the request is. A tier says nothing to a provider and changes no price: it is the place in this cluster's own queues, which the
    /// account's class bounds from above.
    /// </summary>
    public static RequestPriority ReadPriority(JsonFields body) => body.Word(
        "service_tier",
        ("auto", RequestPriority.None), ("default", RequestPriority.None), ("flex", RequestPriority.Batch), ("priority", RequestPriority.Interactive));

    private static string? Text(JsonFields body, string name, FieldProblems problems)
    {
        var text = body.Text(name);
        if (text is { Length: > ProviderFields.MaxLength })
        {
            problems.Invalid(name, $"'{name}' has more than {ProviderFields.MaxLength} characters; shorten it");
        }

        return text;
    }
}
