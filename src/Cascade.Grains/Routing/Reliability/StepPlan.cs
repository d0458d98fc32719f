using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Providers.Calling;
using Microsoft.Extensions.AI;

namespace Cascade.Grains.Routing;

/// <summary>One step of a request: what a route wants of a model, whatever it takes to get it.</summary>
internal sealed record StepPlan
{
    public required AccountId Account { get; init; }

    public required StageModel Stage { get; init; }

    public required AttemptPurpose Purpose { get; init; }

    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Options without an output limit.</summary>
    public required ChatOptions Options { get; init; }

    /// <summary>The output limit the caller asked for; null when it did not.</summary>
    public required int? MaxOutputTokens { get; init; }

    /// <summary>How urgent it is.</summary>
    public RequestPriority Priority { get; init; }

    /// <summary>The calls that the request has left, at least 1.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>When the request must be over: what cannot be begun before is not waited for.</summary>
    public required long Deadline { get; init; }

    /// <summary>Makes what takes a call's answer while it is made, one for each call; null when the answer is wanted in one piece.</summary>
    public required Func<EndpointModel, IModelStreamSink?> Sink { get; init; }

    /// <summary>Whether a word of this step's answer may have reached the reader, so that nothing can be tried any more.</summary>
    public required Func<bool> IsCommitted { get; init; }
}

/// <summary>What a step came to.</summary>
/// <param name="Attempts">Its calls in the order they were begun, at least one.</param>
/// <param name="Outcome">The place of the call whose outcome is the step's.</param>
internal sealed record StepResult(IReadOnlyList<Attempt> Attempts, int Outcome)
{
    public Attempt Attempt => Attempts[Outcome];
}

/// <summary>A step under way.</summary>
internal sealed class StepRun(StepPlan plan)
{
    public StepPlan Plan => plan;

    /// <summary>The calls so far.</summary>
    public List<Attempt> Made { get; } = [];

    /// <summary>The deployments that were asked.</summary>
    public HashSet<EndpointId> Tried { get; } = [];

    /// <summary>Repetitions where a call had failed before.</summary>
    public int Retries { get; set; }

    /// <summary>The place of the call whose outcome counts.</summary>
    public int Outcome { get; set; }

    public IReadOnlyList<EndpointModel> Untried => [.. plan.Stage.Deployments.Where(d => !Tried.Contains(d.Id))];

    public StepResult Result => new(Made, Outcome);
}
