using System.Collections.Immutable;

namespace Cascade.Contracts;

/// <summary>A question asked on behalf of an account.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.request")]
public sealed record CascadeRequest
{
    /// <summary>
    /// Names this request in logs. Attempts have ids of their own: the same request asked again is asked, and paid, again, unless it has an
    /// <see cref="IdempotencyKey"/>.
    /// </summary>
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

    /// <summary>
    /// The caller's name for what it wants done once: a repetition by the same account gets the same reply and costs nothing; empty for none.
    /// </summary>
    [Id(8)]
    public string IdempotencyKey { get; init; } = "";

    /// <summary>The tools that the model may call; the answer is then a list of calls, which the caller runs.</summary>
    [Id(9)]
    public ImmutableArray<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Whether the model must call a tool; null leaves it to the model.</summary>
    [Id(10)]
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>Whether one answer may call several tools; null leaves it to the provider.</summary>
    [Id(11)]
    public bool? ParallelToolCalls { get; init; }

    /// <summary>
    /// How many likely alternatives of each token to report with its log-probability, 0 to <see cref="MaxTopLogProbabilities"/>; null for no
    /// log-probabilities at all.
    /// </summary>
    [Id(12)]
    public int? TopLogProbabilities { get; init; }

    /// <summary>What is passed on to the provider as it is.</summary>
    [Id(13)]
    public ProviderFields? ProviderFields { get; init; }

    /// <summary>The caller's labels; at most <see cref="RequestLabel.MaxCount"/>.</summary>
    [Id(14)]
    public ImmutableArray<RequestLabel> Labels { get; init; } = [];

    /// <summary>The most alternatives of one token.</summary>
    public const int MaxTopLogProbabilities = 20;

    /// <summary>How urgent it is; not set means as urgent as its account's requests may be.</summary>
    [Id(16)]
    public RequestPriority Priority { get; init; }

    /// <summary>Which endpoints may be called, of those that its account may use; null for all of these.</summary>
    [Id(19)]
    public EndpointFilter? Allow { get; init; }
}
