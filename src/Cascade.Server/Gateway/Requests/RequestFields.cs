using System.Collections.Frozen;
using System.Text.Json;

namespace Cascade.Server.Gateway.Requests;

/// <summary>What becomes of each field of a chat completion request; docs/http-api.md lists the same and a test compares the two.</summary>
internal static class RequestFields
{
    /// <summary>Read and obeyed.</summary>
    public static FrozenSet<string> Read { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "n", "seed", "stop", "stream", "stream_options", "response_format");

    /// <summary>Taken without effect: they do not change what the answer says.</summary>
    public static FrozenSet<string> Ignored { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention");

    /// <summary>Refused by name unless they say what would happen anyway, because dropping them would change the answer.</summary>
    public static FrozenSet<string> Refused { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "tools", "tool_choice", "parallel_tool_calls", "functions", "function_call", "modalities", "audio", "prediction", "logprobs",
        "top_logprobs", "logit_bias", "frequency_penalty", "presence_penalty", "reasoning_effort", "verbosity", "web_search_options");

    public static void CheckAll(JsonElement body, FieldProblems problems)
    {
        foreach (var field in body.EnumerateObject())
        {
            if (Read.Contains(field.Name) || Ignored.Contains(field.Name))
            {
                continue;
            }

            if (!Refused.Contains(field.Name))
            {
                problems.Add(Errors.GatewayErrors.Unknown, Shorten(field.Name), $"'{Shorten(field.Name)}' is not a known parameter; remove it");
            }
            else if (!HasNoEffect(field.Name, field.Value))
            {
                problems.Unsupported(field.Name, $"'{field.Name}' is not supported by this server; remove it");
            }
        }
    }

    private static bool HasNoEffect(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.False => name is "logprobs" or "parallel_tool_calls",
        JsonValueKind.True => name is "parallel_tool_calls",
        JsonValueKind.Number => name is "frequency_penalty" or "presence_penalty" && value.TryGetDouble(out var number) && number == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0
            || (name is "modalities" && value.GetArrayLength() == 1 && value[0].ValueKind == JsonValueKind.String && value[0].ValueEquals("text")),
        JsonValueKind.Object => name is "logit_bias" && !value.EnumerateObject().Any(),
        JsonValueKind.String => name is "tool_choice" or "function_call" && value.ValueEquals("none"),
        _ => false,
    };

    private static string Shorten(string name) => name.Length <= 64 ? name : name[..64] + "…";
}
