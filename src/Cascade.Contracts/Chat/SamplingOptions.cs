using System.Collections.Immutable;

namespace Cascade.Contracts;

/// <summary>How the model should sample. What is not set is left to the provider.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.sampling")]
public sealed record SamplingOptions
{
    /// <summary>The most output tokens that may be billed, at least 1; when not set, the endpoint's own limit, clamped to what the account can pay.</summary>
    [Id(0)]
    public int? MaxOutputTokens { get; init; }

    /// <summary>Sampling temperature, 0 to 2.</summary>
    [Id(1)]
    public double? Temperature { get; init; }

    /// <summary>Nucleus sampling mass, above 0 to 1.</summary>
    [Id(2)]
    public double? TopP { get; init; }

    /// <summary>The provider's sampling seed.</summary>
    [Id(3)]
    public long? Seed { get; init; }

    /// <summary>Texts that end the answer; at most 4.</summary>
    [Id(4)]
    public ImmutableArray<string> Stop { get; init; } = [];

    /// <summary>How much less likely a token becomes each time it is written, -2 to 2.</summary>
    [Id(5)]
    public double? FrequencyPenalty { get; init; }

    /// <summary>How much less likely a token becomes once it was written, -2 to 2.</summary>
    [Id(6)]
    public double? PresencePenalty { get; init; }

    /// <summary>How long to think before answering; what is thought is billed as output and counts against the output limit.</summary>
    [Id(7)]
    public ReasoningEffort ReasoningEffort { get; init; }
}
