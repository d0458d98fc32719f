using System.Collections.Concurrent;
using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Identity;
using Cascade.Grains.Model;
using Cascade.Grains.Telemetry;
using Cascade.Planning.Frontier;

namespace Cascade.Grains.Routing;

/// <summary>
/// Makes the calls of one step, until one is answered or nothing helps that a repetition could. Every call has a reservation, an intent and a booking
/// of its own. What an answer is worth is decided by nobody here: a step is repeated for how its calls fared and never for what they said.
/// </summary>
internal sealed class StepRunner(
    IAttemptRunner attempts,
    IEndpointStandings endpoints,
    IIdSource ids,
    TimeProvider time,
    CascadeInstruments instruments)
{
    private readonly ConcurrentDictionary<EndpointId, RepeatAllowance> _retries = new();

    public async Task<StepResult> RunAsync(StepPlan plan, CancellationToken cancellationToken)
    {
        var made = new List<Attempt>();
        var endpoint = plan.Endpoint;
        RetriesOf(endpoint).Earn();
        for (var retries = 0; ; retries++)
        {
            var attempt = await attempts.RunAsync(PlanOf(plan, endpoint, retries), cancellationToken);
            made.Add(attempt);
            if (made.Count >= plan.MaxAttempts || !await ShallRetryAsync(plan, endpoint, attempt, retries, cancellationToken))
            {
                return new StepResult(made, made.Count - 1);
            }

            instruments.Retried(endpoint.Id.Value, attempt.Record.Blame);
        }
    }

    /// <summary>Decides whether a call is made again where it was made, and waits until then.</summary>
    private async Task<bool> ShallRetryAsync(StepPlan plan, EndpointModel endpoint, Attempt attempt, int retries, CancellationToken cancellationToken)
    {
        var model = endpoint.Reliability;
        if (retries >= model.Retries || plan.IsCommitted() || endpoints.StandingOf(endpoint).IsOut || !RetryRule.MayPass(attempt.Record, model.RetryUnconfirmed))
        {
            return false;
        }

        // The id is as random as anything, and the same in a replay.
        var wait = RetryRule.Wait(model, retries, StableMix.Unit(attempt.Record.AttemptId, "backoff"), attempt.RetryAfter);
        if (time.GetTimestamp() + (wait.TotalSeconds * time.TimestampFrequency) >= plan.Deadline || !RetriesOf(endpoint).TrySpend())
        {
            return false;
        }

        try
        {
            await Task.Delay(wait, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        return !endpoints.StandingOf(endpoint).IsOut;
    }

    private AttemptPlan PlanOf(StepPlan plan, EndpointModel endpoint, int retries) => new()
    {
        Account = plan.Account,
        AttemptId = ids.Next(),
        Endpoint = endpoint,
        Purpose = plan.Purpose,
        Repetition = retries == 0 ? AttemptRepetition.None : AttemptRepetition.Retry,
        Messages = plan.Messages,
        Options = plan.Options,
        Priority = plan.Priority,
        MaxOutputTokens = plan.MaxOutputTokens,
        Sink = plan.Sink(endpoint.Id),
    };

    private RepeatAllowance RetriesOf(EndpointModel endpoint) =>
        _retries.GetOrAdd(endpoint.Id, static (_, model) => new RepeatAllowance(model.Reliability.RetryShare), endpoint);
}
