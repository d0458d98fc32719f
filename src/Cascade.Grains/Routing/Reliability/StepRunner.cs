using System.Collections.Concurrent;
using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Identity;
using Cascade.Grains.Model;
using Cascade.Grains.Telemetry;
using Cascade.Planning.Frontier;
using Cascade.Providers.Calling;

namespace Cascade.Grains.Routing;

/// <summary>
/// Makes the calls of one step, until one is answered or nothing helps that a repetition could. Every call has a reservation, an intent and a booking
/// of its own. What an answer is worth is decided by nobody here: a step is repeated for how its calls fared and never for what they said.
/// </summary>
internal sealed partial class StepRunner(
    IAttemptRunner attempts,
    IEndpointStandings endpoints,
    IIdSource ids,
    TimeProvider time,
    CascadeInstruments instruments)
{
    private const int RetriesSavedUp = 10;
    private const int HedgesSavedUp = 5;

    private readonly ConcurrentDictionary<(EndpointId Endpoint, ProviderKey? OwnKey), RepeatAllowance> _retries = new();
    private readonly ConcurrentDictionary<(EndpointId Endpoint, ProviderKey? OwnKey), RepeatAllowance> _hedges = new();
    private readonly ConcurrentDictionary<EndpointId, HedgeDelay> _delays = new();
    private readonly ConcurrentDictionary<EndpointId, OutlierWatch> _watches = new();

    public async Task<StepResult> RunAsync(StepPlan plan, CancellationToken cancellationToken)
    {
        var run = new StepRun(plan);
        var (endpoint, repetition) = (Pick(plan.Stage.Deployments)!.Value.Endpoint, AttemptRepetition.None);
        RetriesOf(endpoint).Earn();
        HedgesOf(endpoint).Earn();
        while (true)
        {
            run.Tried.Add(endpoint.Id);
            var attempt = await CallAsync(run, endpoint, repetition, cancellationToken);
            if (run.Made.Count >= plan.MaxAttempts || plan.IsCommitted() || cancellationToken.IsCancellationRequested)
            {
                return run.Result;
            }

            if (StandIn(run, attempt, endpoint) is { } other)
            {
                instruments.FailedOver(endpoint.Id.Value, attempt.Record.Blame);
                (endpoint, repetition) = (other, AttemptRepetition.Failover);
            }
            else if (await ShallRetryAsync(run, endpoint, attempt, cancellationToken) && PickForRetry(plan.Stage) is { } again)
            {
                instruments.Retried(endpoint.Id.Value, attempt.Record.Blame);
                (endpoint, repetition) = (again, AttemptRepetition.Retry);
                run.Retries++;
            }
            else
            {
                return run.Result;
            }
        }
    }

    /// <summary>Chooses, and has somebody look after those that are out, which no call would go to otherwise.</summary>
    private (EndpointModel Endpoint, EndpointFitness Fitness)? Pick(IReadOnlyList<EndpointModel> candidates)
    {
        if (candidates.Count == 1)
        {
            return (candidates[0], endpoints.StandingOf(candidates[0]).Fitness);
        }

        foreach (var candidate in candidates)
        {
            if (endpoints.StandingOf(candidate).IsOut)
            {
                endpoints.WishFor(candidate);
            }
        }

        return DeploymentChoice.Pick(candidates, endpoints.StandingOf, ids.Next());
    }

    private EndpointModel? PickForRetry(StageModel stage) => Pick(stage.Deployments) is { Fitness: not EndpointFitness.Out } pick ? pick.Endpoint : null;

    /// <summary>The deployment that stands in for the one that was asked, at once: it has nothing to recover from.</summary>
    private EndpointModel? StandIn(StepRun run, Attempt attempt, EndpointModel last) =>
        run.Tried.Count < run.Plan.Stage.Deployments.Length
        && Pick(FailoverRule.Candidates(attempt, last, run.Untried)) is { Fitness: not EndpointFitness.Out } pick
            ? pick.Endpoint
            : null;

    /// <summary>Decides whether a failed call is made again, and waits until then.</summary>
    private async Task<bool> ShallRetryAsync(StepRun run, EndpointModel endpoint, Attempt attempt, CancellationToken cancellationToken)
    {
        var model = endpoint.Reliability;
        if (run.Retries >= model.Retries || !RetryRule.MayPass(attempt.Record, model.RetryUnconfirmed)
            || (!model.RetryUnconfirmed && run.Made.Any(static made => made.Record.Booking == Booking.Unconfirmed)) || IsAllOut(run.Plan.Stage))
        {
            return false;
        }

        // The id is as random as anything, and the same in a replay.
        var wait = RetryRule.Wait(model, run.Retries, StableMix.Unit(attempt.Record.AttemptId, "backoff"), AskedBy(run.Plan.Stage, attempt));
        if (time.GetTimestamp() + (wait.TotalSeconds * time.TimestampFrequency) >= run.Plan.Deadline || !RetriesOf(endpoint).TrySpend())
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

        return true;
    }

    /// <summary>What a provider wants waited: of several deployments the one that is back first counts.</summary>
    private TimeSpan AskedBy(StageModel stage, Attempt attempt) => stage.Deployments.Length == 1
        ? attempt.RetryAfter
        : stage.Deployments.Select(endpoints.StandingOf).Where(static standing => !standing.IsOut).Select(static standing => standing.PausedFor).DefaultIfEmpty().Min();

    private bool IsAllOut(StageModel stage) => stage.Deployments.All(d => endpoints.StandingOf(d).IsOut);

    private void Learn(StageModel stage, Attempt attempt)
    {
        // Deployments are compared under the keys that they have in common, which an account's is not.
        if (stage.Members.Length == 1 || attempt.Call == ModelCallStatus.None || attempt.Record.OwnKey)
        {
            return;
        }

        var effect = Blame.EffectOf(attempt.Call);
        if (effect is not (CallEffect.Answered or CallEffect.Failed))
        {
            return;
        }

        var place = stage.Members.IndexOf(attempt.Record.Endpoint);
        var deployment = stage.Deployments.First(d => d.Id == attempt.Record.Endpoint);
        var watch = _watches.GetOrAdd(stage.Id, static (_, made) => new OutlierWatch(made.Count, made.Time), (Count: stage.Members.Length, Time: time));
        if (effect == CallEffect.Answered && endpoints.StandingOf(deployment).EjectedFor == TimeSpan.Zero)
        {
            watch.Readmit(place);
        }

        if (watch.Learn(place, effect == CallEffect.Failed) is { } ejection)
        {
            endpoints.Eject(deployment, ejection);
            instruments.Ejected(attempt.Record.Endpoint.Value);
        }
    }

    private RepeatAllowance RetriesOf(EndpointModel endpoint) =>
        _retries.GetOrAdd((endpoint.Id, endpoint.OwnKey?.Key), static (_, model) => new RepeatAllowance(model.Reliability.RetryShare, RetriesSavedUp), endpoint);

    private RepeatAllowance HedgesOf(EndpointModel endpoint) =>
        _hedges.GetOrAdd((endpoint.Id, endpoint.OwnKey?.Key), static (_, model) => new RepeatAllowance(model.Reliability.HedgeShare, HedgesSavedUp), endpoint);
}
