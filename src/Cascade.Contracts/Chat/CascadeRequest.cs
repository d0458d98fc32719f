using System.Collections.Immutable;

namespace Cascade.Contracts;

/// <summary>A question asked on behalf of an account.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.request")]
public sealed record CascadeRequest
{
    /// <summary>Names this request in logs. Attempts have ids of their own: the same request asked again is asked, and paid, again.</summary>
    [Id(0)]
    public required OperationId Operation { get; init; }

    /// <summary>Who pays.</summary>
    [Id(1)]
    public required AccountId Account { get; init; }

    /// <summary>A route (a cascade) or an endpoint (a direct call), by name.</summary>
    [Id(2)]
    public required string Model { get; init; }

    /// <summary>The conversation, oldest first; at least one message.</summary>
    [Id(3)]
    public required ImmutableArray<CascadeMessage> Messages { get; init; }

    /// <summary>How to sample.</summary>
    [Id(4)]
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>The form of the answer; free text when not set.</summary>
    [Id(5)]
    public AnswerFormat? Format { get; init; }
}
