using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Model;

namespace Cascade.Grains.Routing;

internal sealed partial class StepRunner
{
    // Whoever is given up while it waits for money or for a place is gone at once; a call that goes on is not waited for.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(10);

    /// <summary>Makes a call, and a second one beside it when the first is late and that is allowed.</summary>
    /// <returns>The call whose outcome counts.</returns>
    private async Task<Attempt> CallAsync(StepRun run, EndpointModel endpoint, AttemptRepetition repetition, CancellationToken cancellationToken)
    {
        if (repetition != AttemptRepetition.None || endpoint.Reliability.HedgeAfter is not { } after)
        {
            return Keep(run, await StartAsync(PlanOf(run.Plan, endpoint, repetition), cancellationToken));
        }

        using var race = new Race(cancellationToken);
        var first = Enter(run.Plan, endpoint, repetition, race, 0);
        if (!await IsLateAsync(first.Task, race, endpoint, after, cancellationToken) || HedgeTarget(run, endpoint, race, cancellationToken) is not { } other)
        {
            return Keep(run, await first.Task);
        }

        run.Tried.Add(other.Id);
        instruments.Hedged(other.Id.Value);
        return await DecideAsync(run, race, [first, Enter(run.Plan, other, AttemptRepetition.Hedge, race, 1)]);
    }

    private Lane Enter(StepPlan plan, EndpointModel endpoint, AttemptRepetition repetition, Race race, int number)
    {
        var attempt = PlanOf(plan, endpoint, repetition) with { Race = race, Lane = number };
        var taken = attempt.Sink is LiveSink live ? attempt with { Sink = new RaceSink(live, race, number) } : attempt;
        return new Lane(new AttemptStep(attempt, time), race, StartAsync(taken, race.TokenOf(number)));
    }

    private async Task<bool> IsLateAsync(Task<Attempt> first, Race race, EndpointModel endpoint, TimeSpan after, CancellationToken cancellationToken)
    {
        var delay = endpoint.Reliability.HedgeQuantile is { } share ? DelayOf(endpoint, share, after) : null;
        try
        {
            var attempt = await first.WaitAsync(delay?.Current ?? after, time, cancellationToken);
            if (attempt.Record.Outcome == AttemptOutcome.Answered)
            {
                delay?.Learn(late: false);
            }

            return false;
        }
        catch (TimeoutException) when (!first.IsCompleted)
        {
            // A stream that goes on is not late when its first word has come.
            delay?.Learn(late: !race.IsWon);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return !first.IsCompleted;
        }
    }

    private HedgeDelay DelayOf(EndpointModel endpoint, double share, TimeSpan after) => _delays.GetOrAdd(
        endpoint.Id, static (_, made) => new HedgeDelay(made.Share, made.After, made.Timeout), (Share: share, After: after, endpoint.Timeout));

    /// <summary>
    /// Where a second call would go: to another deployment before the same one, and only to what has room, because calls that wait for a place are not
    /// answered sooner by more of them.
    /// </summary>
    private EndpointModel? HedgeTarget(StepRun run, EndpointModel first, Race race, CancellationToken cancellationToken)
    {
        if (race.IsWon || run.Plan.IsCommitted() || run.Made.Count + 2 > run.Plan.MaxAttempts || cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        var target = DeploymentChoice.Pick([.. run.Untried.Where(IsRoomy)], endpoints.StandingOf, ids.Next())?.Endpoint ?? (IsRoomy(first) ? first : null);
        return target is not null && HedgesOf(first).TrySpend() ? target : null;
    }

    private bool IsRoomy(EndpointModel endpoint) =>
        endpoints.StandingOf(endpoint) is { Fitness: EndpointFitness.Fit, MayProbe: false, CongestionPrice: 0 };

    private async Task<Attempt> DecideAsync(StepRun run, Race race, Lane[] lanes)
    {
        var ended = await Task.WhenAny(lanes[0].Task, lanes[1].Task);
        var lane = ended == lanes[0].Task ? 0 : 1;
        try
        {
            if ((await ended).Record.Outcome is AttemptOutcome.Answered or AttemptOutcome.Stopped)
            {
                race.TryWin(lane);
            }

            // A call that failed leaves it to the other one.
            lane = race.IsWon ? (race.IsLost(0) ? 1 : 0) : 1 - lane;
            await lanes[lane].Task;
        }
        finally
        {
            Array.ForEach(lanes, static each => each.Forget());
        }

        if (race.IsWon)
        {
            await Task.WhenAny(lanes[1 - lane].Task, Task.Delay(Grace, time, CancellationToken.None));
        }

        return Keep(run, await lanes[0].EndAsync(), await lanes[1].EndAsync(), lane);
    }

    private Attempt Keep(StepRun run, Attempt attempt)
    {
        run.Outcome = run.Made.Count;
        run.Made.Add(attempt);
        Learn(run.Plan.Stage, attempt);
        return attempt;
    }

    private Attempt Keep(StepRun run, Attempt first, Attempt second, int outcome)
    {
        Keep(run, first);

        // A second call that came to nothing before it was made is no part of the story.
        if (second.Record.Booking != Booking.None)
        {
            Keep(run, second);
            run.Outcome -= 1 - outcome;
        }

        return run.Made[run.Outcome];
    }

    private async Task<Attempt> StartAsync(AttemptPlan plan, CancellationToken cancellationToken) =>
        await attempts.RunAsync(plan, cancellationToken) with { Sink = plan.Sink is RaceSink raced ? raced.Inner : plan.Sink };

    private AttemptPlan PlanOf(StepPlan plan, EndpointModel endpoint, AttemptRepetition repetition) => new()
    {
        Account = plan.Account,
        AttemptId = ids.Next(),
        Endpoint = endpoint,
        Group = plan.Stage.IsGroup ? plan.Stage.Id.Value : "",
        Purpose = plan.Purpose,
        Repetition = repetition,
        Messages = plan.Messages,
        Options = plan.Options,
        Priority = plan.Priority,
        MaxOutputTokens = plan.MaxOutputTokens,
        Sink = plan.Sink(endpoint),
    };

    /// <summary>One of two calls for the same answer.</summary>
    private sealed record Lane(AttemptStep Step, Race Race, Task<Attempt> Task)
    {
        /// <summary>
        /// What is known of the call now. One that goes on is reported at the most it can cost, and is booked when it ends; one that still waited to be made
        /// never is.
        /// </summary>
        public async Task<Attempt> EndAsync() => Task.IsCompleted ? await Task : Step.Outrun(isMade: Race.HasGone(Step.Plan.Lane));

        /// <summary>Has nobody complain about a fault that nobody awaits.</summary>
        public void Forget() => _ = Task.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }
}
