using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Cascade.Contracts;
using Cascade.Grains.Configuration;

namespace Cascade.Server.Gateway.Requests;

internal static class SamplingReader
{
    private const int MaxStops = 4;

    public static SamplingOptions Read(JsonFields fields, HttpConfig limits, FieldProblems problems)
    {
        var maxTokens = fields.Whole("max_tokens", 1, limits.MaxOutputTokens);
        var maxCompletionTokens = fields.Whole("max_completion_tokens", 1, limits.MaxOutputTokens);
        if (maxTokens is { } old && maxCompletionTokens is { } current && old != current)
        {
            problems.Invalid("max_tokens", string.Create(
                CultureInfo.InvariantCulture,
                $"'max_tokens' is {old} and 'max_completion_tokens' is {current}; they mean the same, so send only one of them"));
        }

        var topP = fields.Number("top_p", 0, 1);
        if (topP is 0)
        {
            problems.Invalid("top_p", "'top_p' is 0, which leaves no token to choose; it must be above 0 and at most 1");
        }

        return new SamplingOptions
        {
            MaxOutputTokens = (int?)(maxCompletionTokens ?? maxTokens),
            Temperature = fields.Number("temperature", 0, 2),
            TopP = topP,
            Seed = fields.Whole("seed", long.MinValue, long.MaxValue),
            Stop = ReadStops(fields, problems),
            FrequencyPenalty = fields.Number("frequency_penalty", -2, 2),
            PresencePenalty = fields.Number("presence_penalty", -2, 2),
            ReasoningEffort = fields.Word(
                "reasoning_effort",
                ("none", ReasoningEffort.Off),
                ("minimal", ReasoningEffort.Minimal),
                ("low", ReasoningEffort.Low),
                ("medium", ReasoningEffort.Medium),
                ("high", ReasoningEffort.High),
                ("xhigh", ReasoningEffort.ExtraHigh)),
        };
    }

    private static ImmutableArray<string> ReadStops(JsonFields fields, FieldProblems problems)
    {
        if (fields.Find("stop") is not { } stop)
        {
            return [];
        }

        if (stop.ValueKind == JsonValueKind.String)
        {
            return stop.GetString() is { Length: > 0 } text ? [text] : [];
        }

        if (stop.ValueKind == JsonValueKind.Array
            && stop.GetArrayLength() <= MaxStops
            && stop.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String && e.GetString()!.Length > 0))
        {
            return [.. stop.EnumerateArray().Select(e => e.GetString()!)];
        }

        problems.Invalid("stop", $"'stop' must be a string or an array of at most {MaxStops} strings that are not empty");
        return [];
    }
}
