using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Model;
using Cascade.Grains.Telemetry;
using Cascade.Providers.Calling;
using Cascade.Storage.Journal;
using Microsoft.Extensions.Logging;

namespace Cascade.Grains.Routing;

/// <summary>
/// Makes one provider call with everything that belongs to it: bound, reserve, wait for capacity, write the intent, call, book. Every way
/// out books the hold exactly once.
/// </summary>
internal sealed partial class AttemptRunner(
    BudgetAgent budget,
    EndpointAgent endpoints,
    TimeProvider time,
    CascadeInstruments instruments,
    ILogger<AttemptRunner> logger) : IAttemptRunner
{
    /// <summary>How often a call is begun anew because its lease was reclaimed before it started.</summary>
    private const int LeaseTries = 3;

    public async Task<Attempt> RunAsync(AttemptPlan plan, CancellationToken cancellationToken)
    {
        using var activity = instruments.Activities.StartActivity(CascadeTelemetry.Spans.Attempt);
        activity?.SetTag(CascadeTelemetry.Tags.Endpoint, plan.Endpoint.Id.Value);
        activity?.SetTag(CascadeTelemetry.Tags.AttemptId, plan.AttemptId);
        activity?.SetTag(CascadeTelemetry.Tags.Purpose, Names.Of(plan.Purpose));
        activity?.SetTag(CascadeTelemetry.Tags.Repetition, Names.Of(plan.Repetition));
        activity?.SetTag(CascadeTelemetry.Tags.OwnKey, plan.Endpoint.OwnKey is not null);
        var step = new AttemptStep(plan, time);
        Attempt attempt;
        try
        {
            attempt = await TryAsync(step, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            attempt = step.NotMade(AttemptOutcome.Cancelled, "cancelled").With(AttemptBlame.Caller, AttemptStage.Queued);
        }

        if (plan.Race?.IsLost(plan.Lane) == true)
        {
            attempt = Lost(attempt);
        }

        instruments.AttemptEnded(attempt.Record);
        activity?.SetTag(CascadeTelemetry.Tags.Outcome, Names.Of(attempt.Record.Outcome));
        activity?.SetTag(CascadeTelemetry.Tags.CostNanos, attempt.Record.CostNanos);
        LogAttemptEnded(
            plan.AttemptId, plan.Account, plan.Endpoint.Id, plan.Purpose, attempt.Record.Outcome, attempt.Record.Booking, attempt.Record.CostNanos);
        return attempt;
    }

    /// <summary>A call that another one was faster than failed by nobody's fault, and what it cost is the price of the hedge.</summary>
    private Attempt Lost(Attempt attempt)
    {
        instruments.HedgePaid(attempt.Record.Endpoint.Value, attempt.Record.CostNanos);
        return attempt.Record.Outcome is AttemptOutcome.Answered or AttemptOutcome.Cancelled or AttemptOutcome.Stopped
            ? (attempt with { Record = attempt.Record with { Outcome = AttemptOutcome.Outrun } }).With(AttemptBlame.None, AttemptStage.None)
            : attempt;
    }

    private async Task<Attempt> TryAsync(AttemptStep step, CancellationToken cancellationToken)
    {
        if (!step.IsPriced && budget.IsHardCapped(step.Plan.Account, step.Plan.Endpoint.Id))
        {
            return step.NotMade(AttemptOutcome.Unaffordable, "unpriced").With(AttemptBlame.Operator, AttemptStage.Reserving);
        }

        if (!step.IsBounded)
        {
            return step.NotMade(AttemptOutcome.Failed, NoAnswer.NoImages).With(AttemptBlame.Operator, AttemptStage.Reserving);
        }

        if (step.Lacks != EndpointFeatures.None)
        {
            return step.NotMade(AttemptOutcome.Failed, NoAnswer.Lacking(step.Lacks)).With(AttemptBlame.Operator, AttemptStage.Reserving);
        }

        for (var tries = 1; tries <= LeaseTries; tries++)
        {
            var result = await budget.ReserveAsync(
                step.Plan.Account, step.Plan.Endpoint.Id, AttemptIdOf(step, tries), step.UpperNanos, step.FloorNanos, cancellationToken);
            if (result.Hold is not { } hold)
            {
                return step.NotMade(AttemptOutcome.Unaffordable, Names.Of(result.Outcome), result.Outcome, result.Refusal)
                    .With(result.Outcome == ReserveOutcome.Unavailable ? AttemptBlame.Cluster : AttemptBlame.Account, AttemptStage.Reserving);
            }

            if (await MakeAsync(step, hold, cancellationToken) is { } attempt)
            {
                return attempt;
            }
        }

        return step.NotMade(AttemptOutcome.Unaffordable, "lease-lost", ReserveOutcome.Unavailable)
            .With(AttemptBlame.Cluster, AttemptStage.Recording);
    }

    /// <summary>A try that was given up has an end in the books of the leases that are still open, so the next one needs an id of its own.</summary>
    private static string AttemptIdOf(AttemptStep step, int tries) => tries == 1 ? step.Plan.AttemptId : $"{step.Plan.AttemptId}.{tries}";

    /// <returns>The attempt, or null when the lease was reclaimed before the call could start.</returns>
    private async Task<Attempt?> MakeAsync(AttemptStep step, Hold hold, CancellationToken cancellationToken)
    {
        Permit permit = default;
        try
        {
            var admission = await AdmitAsync(step, cancellationToken);
            permit = admission.Permit;
            if (!permit.IsValid)
            {
                await budget.VoidAsync(hold, started: false);
                return Refused(step, admission);
            }

            if (step.Plan.Race?.TryGo(step.Plan.Lane) == false)
            {
                permit.ReturnUnused();
                await budget.VoidAsync(hold, started: false);
                return step.NotMade(AttemptOutcome.Cancelled, "cancelled");
            }

            if (!await budget.StartAsync(hold, step.Plan.Endpoint.Id, cancellationToken))
            {
                permit.ReturnUnused();
                return null;
            }
        }
        catch (Exception e) when (e is JournalUnavailableException or JournalQueueFullException)
        {
            // StartAsync has given the hold up: without an intent in the journal no call is made.
            permit.ReturnUnused();
            LogJournalUnavailable(step.Plan.AttemptId, step.Plan.Account, e);
            return step.NotMade(AttemptOutcome.Unaffordable, "journal-unavailable", ReserveOutcome.Unavailable)
                .With(AttemptBlame.Cluster, AttemptStage.Recording);
        }
        catch
        {
            if (!permit.IsValid)
            {
                await budget.VoidAsync(hold, started: false);
            }

            permit.ReturnUnused();
            throw;
        }

        var fresh = await FreshenAsync(step, permit, cancellationToken);
        if (!fresh.Permit.IsValid)
        {
            await budget.VoidAsync(hold, started: true);
            cancellationToken.ThrowIfCancellationRequested();
            return Refused(step, fresh);
        }

        var result = await CallAsync(step, hold, cancellationToken);
        if (result.Status is ModelCallStatus.Answered or ModelCallStatus.Stopped)
        {
            // Before the money is booked, or what comes free would pay for a rival that is not wanted any more.
            step.Plan.Race?.TryWin(step.Plan.Lane);
        }

        return await BookAsync(step, hold, fresh.Permit, result);
    }

    private ValueTask<Admission> AdmitAsync(AttemptStep step, CancellationToken cancellationToken) =>
        endpoints.AcquireAsync(step.Plan.Endpoint, step.Plan.Account, step.Tokens, step.Plan.Priority, cancellationToken);

    /// <summary>A call whose intent took long is permitted anew, or a rate limit would count it in another minute than the provider does.</summary>
    private async Task<Admission> FreshenAsync(AttemptStep step, Permit permit, CancellationToken cancellationToken)
    {
        var admission = new Admission(permit, PermitRefusal.None, TimeSpan.Zero);
        try
        {
            for (var tries = 1; admission.Permit.IsValid && !admission.Permit.IsFresh; tries++)
            {
                admission.Permit.ReturnUnused();
                admission = tries < LeaseTries
                    ? await AdmitAsync(step, cancellationToken)
                    : new Admission(default, PermitRefusal.TimedOut, TimeSpan.Zero);
            }
        }
        catch (OperationCanceledException)
        {
            return new Admission(default, PermitRefusal.TimedOut, TimeSpan.Zero);
        }

        return admission;
    }

    private static Attempt Refused(AttemptStep step, in Admission admission)
    {
        var error = admission.Refusal == PermitRefusal.TimedOut ? "no-capacity" : Names.Of(admission.Refusal);
        var blame = admission.Refusal switch
        {
            PermitRefusal.CircuitOpen => AttemptBlame.Provider,
            PermitRefusal.Paused => AttemptBlame.ProviderLimit,
            _ => AttemptBlame.Cluster,
        };
        return step.NotMade(AttemptOutcome.NoCapacity, error).With(blame, AttemptStage.Queued) with { RetryAfter = admission.RetryAfter };
    }

    private static async Task<ModelCallResult> CallAsync(AttemptStep step, Hold hold, CancellationToken cancellationToken)
    {
        var call = new ModelCall
        {
            AttemptId = hold.AttemptId,
            Messages = step.Plan.Messages,
            Options = step.OptionsFor(hold),
            Timeout = step.Plan.Endpoint.Timeout,
            TokensPerImage = step.Plan.Endpoint.MaxTokensPerImage,
            Stream = step.Plan.Endpoint.Stream,
            Key = step.Plan.Endpoint.OwnKey?.Key,
        };
        var endpoint = step.Plan.Endpoint;
        try
        {
            if (step.Plan.Sink is { } sink)
            {
                // The caller of the model drains a stream itself, within the bounds of its policy.
                return await endpoint.Caller.StreamAsync(call, sink, cancellationToken);
            }

            return await endpoint.Caller.CallAsync(call, endpoint.DrainOnCancel ? CancellationToken.None : cancellationToken);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A caller that throws breaks its contract, and nobody knows what the provider did.
            return new ModelCallResult { Status = ModelCallStatus.MalformedResponse, Billing = BillingCertainty.Unknown, Error = e.GetType().Name };
        }
    }

    private async Task<Attempt> BookAsync(AttemptStep step, Hold hold, Permit permit, ModelCallResult result)
    {
        var usage = UsageMapping.ToWire(result.Usage);
        var (booking, cost) = result.Billing switch
        {
            BillingCertainty.Reported or BillingCertainty.Estimated => (Booking.Settled, step.Price.CostNanos(result.Usage)),
            BillingCertainty.NotBilled => (Booking.Voided, 0L),
            _ => (Booking.Unconfirmed, hold.Nanos),
        };
        var least = booking == Booking.Unconfirmed ? Math.Min(hold.Nanos, step.Price.CostNanos(result.LeastInputTokens, result.LeastOutputTokens)) : 0;
        Report(step.Plan.Endpoint, permit, new CallReport(
            Blame.EffectOf(result.Status),
            result.Status is not (ModelCallStatus.Answered or ModelCallStatus.Cancelled or ModelCallStatus.Stopped),
            usage,
            booking == Booking.Settled ? cost : 0,
            result.RetryAfter,
            result.Limits), result.Status);
        await (booking switch
        {
            Booking.Settled => budget.SettleAsync(hold, step.Plan.Endpoint.Id, cost, usage),
            Booking.Voided => budget.VoidAsync(hold, started: true),
            _ => budget.MarkUnconfirmedAsync(hold, least),
        });
        var (blame, stage) = Blame.Of(result.Status);
        var made = step.Made(hold, result, booking, cost, least, usage) with { RetryAfter = RetryAfter(result, step.Plan.Endpoint) };
        return result.Status == ModelCallStatus.Unauthorized && step.Plan.Endpoint.OwnKey is not null
            ? (made with { Record = made.Record with { Error = Blame.ErrorOfOwnKey(result.Error) } }).With(AttemptBlame.Account, stage)
            : made.With(blame, stage);
    }

    private static TimeSpan RetryAfter(ModelCallResult result, EndpointModel endpoint) => result.RetryAfter
        ?? (result.Status == ModelCallStatus.RateLimited ? ProviderPause.UntilOne(result.Limits, endpoint.Capacity.ExpectedTokens) : null) ?? TimeSpan.Zero;

    /// <summary>What a provider says to the key of one account pauses that key, and neither the endpoint nor another account.</summary>
    private void Report(EndpointModel endpoint, Permit permit, in CallReport report, ModelCallStatus status)
    {
        if (endpoint.OwnKey is null)
        {
            permit.Return(report);
            return;
        }

        endpoints.LearnOfKey(endpoint, report);
        permit.Return(report with { Effect = Blame.EffectOfOwnKey(status), RetryAfter = null, Limits = null });
    }
}
