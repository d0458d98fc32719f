using System.Collections.Immutable;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Model;
using Cascade.Providers.Calling;
using Microsoft.Extensions.AI;

namespace Cascade.Grains.Routing;

/// <summary>A provider call that is to be made.</summary>
internal sealed record AttemptPlan
{
    public required AccountId Account { get; init; }

    public required string AttemptId { get; init; }

    public required EndpointModel Endpoint { get; init; }

    /// <summary>The name of the group that it was chosen from; empty for none.</summary>
    public string Group { get; init; } = "";

    public required AttemptPurpose Purpose { get; init; }

    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Options without an output limit.</summary>
    public required ChatOptions Options { get; init; }

    /// <summary>The output limit the caller asked for; null when it did not.</summary>
    public required int? MaxOutputTokens { get; init; }

    /// <summary>Why it repeats a call of the same step.</summary>
    public AttemptRepetition Repetition { get; init; }

    /// <summary>How urgent it is.</summary>
    public RequestPriority Priority { get; init; }

    /// <summary>The race it runs in; null when it has no rival.</summary>
    public Race? Race { get; init; }

    /// <summary>Its lane in the race.</summary>
    public int Lane { get; init; }

    /// <summary>Takes the answer while it is made; null when it is wanted in one piece.</summary>
    public IModelStreamSink? Sink { get; init; }
}

/// <summary>A provider call that was made, or why it was not.</summary>
/// <param name="Record">The record that travels to the caller.</param>
/// <param name="Text">The answer; empty when there is none.</param>
/// <param name="FinishReason">Why the model stopped; empty when there is no answer.</param>
/// <param name="Call">How the call ended; none when it was not made.</param>
/// <param name="Reserve">Whether it could be paid for.</param>
/// <param name="Refusal">The account's state, when the cap refused.</param>
internal sealed record Attempt(
    AttemptRecord Record, string Text, string FinishReason, ModelCallStatus Call, ReserveOutcome Reserve, BudgetRefusal? Refusal)
{
    /// <summary>When it makes sense to come back; zero when that is not known.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>The tools that the answer calls.</summary>
    public ImmutableArray<ModelToolCall> ToolCalls { get; init; } = [];

    /// <summary>With what words the model refused; empty when it did not.</summary>
    public string RefusalText { get; init; } = "";

    /// <summary>How sure the model was; null when it was not asked or the provider does not say.</summary>
    public ModelLogProbabilities? LogProbabilities { get; init; }

    /// <summary>What took the answer while it was made; null for nothing.</summary>
    public IModelStreamSink? Sink { get; init; }

    public bool Answered => Record.Outcome == AttemptOutcome.Answered;
}
