using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Providers.Calling;
using Cascade.Providers.Pricing;
using Microsoft.Extensions.AI;

namespace Cascade.Grains.Routing;

/// <summary>The arithmetic of one attempt: its bounds, its options, its record.</summary>
internal sealed class AttemptStep
{
    private static readonly PriceList Free = new(0, 0);

    private readonly TimeProvider _time;
    private readonly DateTimeOffset _startedAt;
    private readonly long _started;
    private readonly CallLimits _limits;

    public AttemptStep(AttemptPlan plan, TimeProvider time)
    {
        Plan = plan;
        _time = time;
        _startedAt = time.GetUtcNow();
        _started = time.GetTimestamp();
        var endpoint = plan.Endpoint;
        var price = endpoint.Price?.At(_startedAt);
        IsPriced = price is not null;
        Price = price ?? Free;
        var images = TokenBound.Images(plan.Messages);
        IsBounded = images == 0 || endpoint.MaxTokensPerImage > 0;
        _limits = new CallLimits
        {
            InputTokens = TokenBound.InputTokens(plan.Messages, plan.Options, endpoint.MinBytesPerToken, Math.Max(1, endpoint.MaxTokensPerImage)),
            OutputTokens = Math.Min(plan.MaxOutputTokens ?? endpoint.MaxOutputTokens, endpoint.MaxOutputTokens),
            Images = images,
            ToolCalls = endpoint.MaxToolCalls,
        };
        UpperNanos = Price.BoundNanos(_limits);

        // An answer cut short is no second chance of the same answer.
        FloorNanos = plan.Repetition == AttemptRepetition.Hedge ? UpperNanos : Price.BoundNanos(_limits with { OutputTokens = Math.Min(_limits.OutputTokens, endpoint.MinOutputTokens) });
    }

    public AttemptPlan Plan { get; }

    /// <summary>Whether the endpoint has a price at the moment the attempt began.</summary>
    public bool IsPriced { get; }

    /// <summary>Whether the call's tokens can be bounded; no image's can where the endpoint has no limit for them.</summary>
    public bool IsBounded { get; }

    /// <summary>What the caller needs of an answer and the endpoint cannot do. A judge's own call answers nobody, so it needs nothing.</summary>
    public EndpointFeatures Lacks => Plan.Purpose == AttemptPurpose.Verification ? EndpointFeatures.None : CallFields.Of(Plan.Options).Needs & ~Plan.Endpoint.Features;

    /// <summary>The prices of the moment the attempt began; free when there are none.</summary>
    public PriceList Price { get; }

    /// <summary>The most the call can cost, in nano-dollars.</summary>
    public long UpperNanos { get; }

    /// <summary>The most tokens the call can have.</summary>
    public long Tokens => _limits.InputTokens + _limits.OutputTokens;

    /// <summary>The least worth reserving: below it the output limit would be too low to be of use.</summary>
    public long FloorNanos { get; }

    /// <summary>The caller's options with the output limit that the hold pays for.</summary>
    public ChatOptions OptionsFor(Hold hold)
    {
        var options = Plan.Options.Clone();
        options.MaxOutputTokens = (int)(hold.Clamped ? Math.Min(_limits.OutputTokens, Price.MaxOutputTokens(hold.Nanos, _limits)) : _limits.OutputTokens);
        return options;
    }

    public Attempt NotMade(AttemptOutcome outcome, string error, ReserveOutcome reserve = ReserveOutcome.None, BudgetRefusal? refusal = null) =>
        new(Record(outcome) with { Error = error }, "", "", ModelCallStatus.None, reserve, refusal);

    public Attempt Made(Hold hold, ModelCallResult result, Booking booking, long costNanos, long leastNanos, TokenUsage usage)
    {
        var outcome = result.Status switch
        {
            ModelCallStatus.Answered => AttemptOutcome.Answered,
            ModelCallStatus.Cancelled => AttemptOutcome.Cancelled,
            ModelCallStatus.Stopped => AttemptOutcome.Stopped,
            _ => AttemptOutcome.Failed,
        };
        var record = Record(outcome) with
        {
            AttemptId = hold.AttemptId,
            Booking = booking,
            Usage = usage,
            UsageSource = UsageMapping.SourceOf(result.Billing),
            ReservedNanos = hold.Nanos,
            CostNanos = costNanos,
            Error = result.Error,
            Clamped = hold.Clamped,
            TimeToFirstChunk = result.TimeToFirstChunk,
            LeastCostNanos = leastNanos,
            MeanLogProbability = AnswerMapping.MeanLogProbability(result.LogProbabilities),
            ToolCallCount = result.ToolCalls.Length,
        };
        return new Attempt(record, result.Text, result.FinishReason, result.Status, ReserveOutcome.Reserved, null)
        {
            ToolCalls = result.ToolCalls,
            RefusalText = result.RefusalText,
            LogProbabilities = result.LogProbabilities,
        };
    }

    /// <summary>The call as it stands when a faster one has answered: if it was made it goes on, and costs anything up to its bound.</summary>
    public Attempt Outrun(bool isMade)
    {
        var attempt = NotMade(AttemptOutcome.Outrun, "outrun", ReserveOutcome.Reserved);
        return !isMade ? attempt : attempt with { Record = attempt.Record with { Booking = Booking.Unconfirmed, ReservedNanos = UpperNanos, CostNanos = UpperNanos } };
    }

    private AttemptRecord Record(AttemptOutcome outcome) => new()
    {
        AttemptId = Plan.AttemptId,
        Endpoint = Plan.Endpoint.Id,
        Purpose = Plan.Purpose,
        Repetition = Plan.Repetition,
        Group = Plan.Group,
        Outcome = outcome,
        StartedAt = _startedAt,
        Duration = _time.GetElapsedTime(_started),
        Price = Price.Label,
        OwnKey = Plan.Endpoint.OwnKey is not null,
    };
}
