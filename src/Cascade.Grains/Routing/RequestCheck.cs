using System.Text.Json;
using Cascade.Contracts;
using Cascade.Storage.Replays;

namespace Cascade.Grains.Routing;

/// <summary>Says what is wrong with a request before anything is spent on it.</summary>
internal static class RequestCheck
{
    /// <summary>The first problem, naming the field and the repair; null when there is none.</summary>
    public static string? Problem(CascadeRequest request)
    {
        if (request.Messages.IsDefaultOrEmpty)
        {
            return "messages: is empty; give at least one message";
        }

        for (var i = 0; i < request.Messages.Length; i++)
        {
            if (!Enum.IsDefined(request.Messages[i].Role) || request.Messages[i].Role == ChatMessageRole.None)
            {
                return $"messages[{i}].role: is not set; use system, user or assistant";
            }
        }

        if (request.IdempotencyKey.Length > ReplayKey.MaxLength)
        {
            return $"idempotency key: has {request.IdempotencyKey.Length} characters; use at most {ReplayKey.MaxLength}";
        }

        return Sampling(request.Sampling) ?? Format(request.Format);
    }

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

        return sampling.Stop is { IsDefault: false, Length: > 4 } stop ? $"stop: has {stop.Length} texts; use at most 4" : null;
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
