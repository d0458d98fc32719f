using System.Collections.Immutable;
using System.Text.Json;
using Cascade.Contracts;
using Cascade.Storage.Replays;

namespace Cascade.Grains.Routing;

/// <summary>Says what is wrong with a request before anything is spent on it.</summary>
internal static class RequestCheck
{
    /// <summary>The first problem, naming the field and the repair; null when there is none.</summary>
    public static string? Problem(CascadeRequest request) =>
        MessageCheck.Problem(request) ?? Sampling(request.Sampling) ?? Format(request.Format) ?? ToolCheck.Problem(request) ?? Rest(request);

    private static string? Sampling(SamplingOptions sampling)
    {
        if (sampling.MaxOutputTokens is < 1)
        {
            return $"max_tokens: is {sampling.MaxOutputTokens}; use at least 1, or leave it out";
        }

        if (sampling.Temperature is { } t && t is not (>= 0 and <= 2))
        {
            return $"temperature: is {t}; use 0 to 2";
        }

        if (sampling.TopP is { } p && p is not (> 0 and <= 1))
        {
            return $"top_p: is {p}; use more than 0 and at most 1";
        }

        if (OutOfRange(sampling.FrequencyPenalty) || OutOfRange(sampling.PresencePenalty))
        {
            return $"{(OutOfRange(sampling.FrequencyPenalty) ? "frequency_penalty" : "presence_penalty")}: is out of range; use -2 to 2";
        }

        if (!Enum.IsDefined(sampling.ReasoningEffort))
        {
            return "reasoning_effort: is unknown; use none, minimal, low, medium, high or xhigh";
        }

        return sampling.Stop is { IsDefault: false, Length: > 4 } stop ? $"stop: has {stop.Length} texts; use at most 4" : null;
    }

    private static bool OutOfRange(double? penalty) => penalty is { } value && value is not (>= -2 and <= 2);

    private static string? Rest(CascadeRequest request)
    {
        if (request.IdempotencyKey.Length > ReplayKey.MaxLength)
        {
            return $"idempotency key: has {request.IdempotencyKey.Length} characters; use at most {ReplayKey.MaxLength}";
        }

        if (request.TopLogProbabilities is { } top && top is not (>= 0 and <= CascadeRequest.MaxTopLogProbabilities))
        {
            return $"top_logprobs: is {top}; use 0 to {CascadeRequest.MaxTopLogProbabilities}";
        }

        if (request.ProviderFields is { } fields)
        {
            if (!Enum.IsDefined(fields.Verbosity))
            {
                return "verbosity: is unknown; use low, medium or high";
            }

            (string Name, string? Value)[] texts =
            [
                ("user", fields.User), ("safety_identifier", fields.SafetyIdentifier), ("prompt_cache_key", fields.PromptCacheKey),
                ("prompt_cache_retention", fields.PromptCacheRetention),
            ];
            if (Array.Find(texts, static text => text.Value is { Length: > ProviderFields.MaxLength }) is { Name: { } tooLong })
            {
                return $"{tooLong}: is longer than {ProviderFields.MaxLength} characters; shorten it";
            }
        }

        if (!Enum.IsDefined(request.Priority))
        {
            return "priority: is unknown; use interactive or batch, or leave it out";
        }

        return Allow(request.Allow) ?? Labels(request);
    }

    private static string? Allow(EndpointFilter? filter)
    {
        if (filter is null)
        {
            return null;
        }

        (string Name, ImmutableArray<string> Names)[] lists =
            [("endpoints", filter.Endpoints), ("regions", filter.Regions), ("tags", filter.Tags), ("providers", filter.Providers)];
        return Array.Find(lists, static list => !IsSound(list.Names)).Name is { } unsound
            ? $"x_cascade.allow.{unsound}: has too many, empty or overlong names; give at most {EndpointFilter.MaxNames}, each of 1 to {EndpointFilter.MaxNameLength} characters"
            : null;
    }

    private static bool IsSound(ImmutableArray<string> names) => names.IsDefaultOrEmpty
        || (names.Length <= EndpointFilter.MaxNames && names.All(static name => name is { Length: > 0 and <= EndpointFilter.MaxNameLength }));

    private static string? Labels(CascadeRequest request)
    {
        if (request.Labels.IsDefaultOrEmpty)
        {
            return null;
        }

        return request.Labels.Length <= RequestLabel.MaxCount
            && request.Labels.All(static label => label is { Name.Length: > 0 and <= RequestLabel.MaxNameLength, Value.Length: <= RequestLabel.MaxValueLength })
            && request.Labels.Select(static label => label.Name).Distinct(StringComparer.Ordinal).Count() == request.Labels.Length
            ? null
            : $"metadata: has too many, repeated or overlong labels; give at most {RequestLabel.MaxCount}, each name once and of 1 to "
                + $"{RequestLabel.MaxNameLength} characters, each value of at most {RequestLabel.MaxValueLength}";
    }

    private static string? Format(AnswerFormat? format)
    {
        if (format?.Kind != AnswerFormatKind.JsonSchema)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(format.SchemaJson ?? "");
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? null
                : "response_format.json_schema.schema: is not a JSON object; give a JSON schema";
        }
        catch (JsonException)
        {
            return "response_format.json_schema.schema: is not JSON; give a JSON schema";
        }
    }
}
