using Microsoft.Extensions.AI;

namespace Cascade.Providers.Calling;

/// <summary>
/// What a call says to the provider that <see cref="ChatOptions"/> has no place for. It rides in the additional properties; a provider whose
/// protocol has no such field does not send it, and is not called when the request <see cref="Needs"/> it. Words are OpenAI's.
/// </summary>
public sealed record CallFields
{
    /// <summary>The name of the additional property.</summary>
    public const string Key = "cascade.call_fields";

    /// <summary>How many alternatives of each token to report with its log-probability; null for no log-probabilities.</summary>
    public int? TopLogProbabilities { get; init; }

    /// <summary>How long to think: <c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c> or <c>xhigh</c>; null for the provider's choice.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>How much to write: <c>low</c>, <c>medium</c> or <c>high</c>; null for the provider's choice.</summary>
    public string? Verbosity { get; init; }

    /// <summary>The caller's user.</summary>
    public string? User { get; init; }

    /// <summary>The caller's user as a hash.</summary>
    public string? SafetyIdentifier { get; init; }

    /// <summary>Requests with the same key share the provider's prompt cache.</summary>
    public string? PromptCacheKey { get; init; }

    /// <summary>How long the prompt cache keeps the prompt.</summary>
    public string? PromptCacheRetention { get; init; }

    /// <summary>Whether the provider must hold the answer to the schema; null for the provider's choice.</summary>
    public bool? StrictFormat { get; init; }

    /// <summary>What an endpoint must be able to do, because an answer without it is not what was asked for. A judge's wish is none: it can do without.</summary>
    public EndpointFeatures Needs { get; init; }

    /// <summary>The fields that ride in options.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The fields; none set when there are none.</returns>
    public static CallFields Of(ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(Key, out var value) is true && value is CallFields fields ? fields : new CallFields();

    /// <summary>Puts the fields into options.</summary>
    /// <param name="options">The options; changed.</param>
    public void Ride(ChatOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (options.AdditionalProperties ??= [])[Key] = this;
    }
}
