using System.Collections.Frozen;
using System.Text.Json;

namespace Cascade.Server.Gateway.Requests;

/// <summary>What becomes of each field of a chat completion request; docs/http-api.md lists the same and a test compares the two.</summary>
internal static class RequestFields
{
    /// <summary>Read and obeyed.</summary>
    public static FrozenSet<string> Read { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "n", "seed", "stop", "stream", "stream_options",
        "response_format",
        "tools", "tool_choice", "parallel_tool_calls", "logprobs", "top_logprobs", "frequency_penalty", "presence_penalty", "reasoning_effort",
        "verbosity", "user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "metadata", "store", "service_tier",
        ExtensionReader.Field);

    /// <summary>Refused by name unless they say what would happen anyway, because dropping them would change the answer or its price; with what to do.</summary>
    public static FrozenDictionary<string, string> Refused { get; } = new Dictionary<string, string>
    {
        ["functions"] = "it was replaced by 'tools'; use that",
        ["function_call"] = "it was replaced by 'tool_choice'; use that",
        ["modalities"] = "answers are text only; remove it",
        ["audio"] = "answers are text only; remove it",
        ["prediction"] = "a provider bills predicted tokens that it rejects beyond the output limit, so the cost has no bound; remove it",
        ["logit_bias"] = "it names tokens of one model, and another model may answer; remove it",
        ["web_search_options"] = "a provider bills searches beside the tokens, so the cost has no bound; remove it",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static void CheckAll(JsonElement body, FieldProblems problems)
    {
        foreach (var field in body.EnumerateObject())
        {
            if (Read.Contains(field.Name))
            {
                continue;
            }

            if (!Refused.TryGetValue(field.Name, out var advice))
            {
                problems.Add(Errors.GatewayErrors.Unknown, Shorten(field.Name), $"'{Shorten(field.Name)}' is not a known parameter; remove it");
            }
            else if (!HasNoEffect(field.Name, field.Value))
            {
                problems.Unsupported(field.Name, $"'{field.Name}' is not supported by this server: {advice}");
            }
        }
    }

    private static bool HasNoEffect(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => value.GetArrayLength() == 0
            || (name is "modalities" && value.GetArrayLength() == 1 && value[0].ValueKind == JsonValueKind.String && value[0].ValueEquals("text")),
        JsonValueKind.Object => name is "logit_bias" && !value.EnumerateObject().Any(),
        JsonValueKind.String => name is "function_call" && value.ValueEquals("none"),
        _ => false,
    };

    private static string Shorten(string name) => name.Length <= 64 ? name : name[..64] + "…";
}
