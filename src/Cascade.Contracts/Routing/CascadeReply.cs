using System.Collections.Immutable;

namespace Cascade.Contracts;

/// <summary>The answer to a request, or a typed refusal, with everything that was paid and decided on the way.</summary>
[GenerateSerializer, Immutable, Alias("cascade.routing.reply")]
public sealed record CascadeReply
{
    /// <summary>How the request ended.</summary>
    [Id(0)]
    public required CascadeStatus Status { get; init; }

    /// <summary>The answer; empty unless <see cref="CascadeStatus.Answered"/>, and often when the answer is a tool call or a refusal.</summary>
    [Id(1)]
    public string Text { get; init; } = "";

    /// <summary>Why the model stopped: <c>stop</c>, <c>length</c>, <c>tool_calls</c> or <c>content_filter</c>; empty when there is no answer.</summary>
    [Id(2)]
    public string FinishReason { get; init; } = "";

    /// <summary>The endpoint whose answer this is; default when there is none.</summary>
    [Id(3)]
    public EndpointId Endpoint { get; init; }

    /// <summary>Tokens of every attempt of this request.</summary>
    [Id(4)]
    public TokenUsage Usage { get; init; }

    /// <summary>Cost of every attempt of this request, unconfirmed ones at their upper bound, in nano-dollars.</summary>
    [Id(5)]
    public long CostNanos { get; init; }

    /// <summary>Every provider call, in order.</summary>
    [Id(6)]
    public ImmutableArray<AttemptRecord> Attempts { get; init; } = [];

    /// <summary>Every decision, in order.</summary>
    [Id(7)]
    public ImmutableArray<DecisionRecord> Decisions { get; init; } = [];

    /// <summary>Whether a judgment made a stronger model answer.</summary>
    [Id(8)]
    public bool Escalated { get; init; }

    /// <summary>Whether the budget kept the policy from the step it wanted: a weaker answer, or one cut short.</summary>
    [Id(9)]
    public bool BudgetLimited { get; init; }

    /// <summary>The state of the account's money on a budget refusal; null otherwise.</summary>
    [Id(10)]
    public BudgetRefusal? Refusal { get; init; }

    /// <summary>What went wrong and how to repair it; empty when there is an answer.</summary>
    [Id(11)]
    public string Problem { get; init; } = "";

    /// <summary>The trace of this request, 32 hexadecimal digits; empty when the cluster makes none.</summary>
    [Id(12)]
    public string TraceId { get; init; } = "";

    /// <summary>The run that this reply comes from, when the request has an idempotency key; null otherwise.</summary>
    [Id(15)]
    public ReplyOrigin? Origin { get; init; }

    /// <summary>Whether this is the reply of an earlier run of the same request. It costs nothing; its calls are those of that run.</summary>
    [Id(16)]
    public bool Replayed { get; init; }

    /// <summary>The tools that the answer calls, in order.</summary>
    [Id(19)]
    public ImmutableArray<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>With what words the model refused to answer; empty when it did not.</summary>
    [Id(20)]
    public string RefusalText { get; init; } = "";

    /// <summary>How sure the model was, token by token; null when nobody asked or the provider does not say.</summary>
    [Id(21)]
    public AnswerLogProbabilities? LogProbabilities { get; init; }

    /// <summary>When the request is worth repeating, after a refusal for capacity or by providers; null when that is not known.</summary>
    [Id(22)]
    public TimeSpan? RetryAfter { get; init; }
}
