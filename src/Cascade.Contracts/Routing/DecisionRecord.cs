using System.Collections.Immutable;

namespace Cascade.Contracts;

/// <summary>One step of the policy with what it saw, enough to recompute it.</summary>
[GenerateSerializer, Immutable, Alias("cascade.routing.decision")]
public sealed record DecisionRecord
{
    /// <summary>What was decided: <c>call</c>, <c>accept</c> or <c>abstain</c>.</summary>
    [Id(0)]
    public required string Action { get; init; }

    /// <summary>The endpoint that the action names; empty on <c>abstain</c>.</summary>
    [Id(1)]
    public required string Endpoint { get; init; }

    /// <summary>Why, as the policy names it, for example <c>score-below-threshold</c>.</summary>
    [Id(2)]
    public required string Reason { get; init; }

    /// <summary>
    /// The price of money at this step, in quality per dollar: the account's shadow price and the route's cost weight. A route with a plan picks
    /// its point by that of the first step and then decides with <see cref="PlanChoice.Price"/>.
    /// </summary>
    [Id(3)]
    public double ShadowPrice { get; init; }

    /// <summary>What the judges said of the draft that was decided on; empty when none did.</summary>
    [Id(4)]
    public ImmutableArray<VerdictRecord> Verdicts { get; init; } = [];

    /// <summary>The point of the plan that decided, the same in every step of a request; null on a route without a plan.</summary>
    [Id(5)]
    public PlanChoice? Plan { get; init; }

    /// <summary>What a call of each of the route's endpoints cost others, in quality, in the order of the stages; empty when none was busy.</summary>
    [Id(25)]
    public ImmutableArray<double> Congestion { get; init; } = [];

    /// <summary>Stages of the route of which filters left nobody to call; the policy took them for failed. Empty when there are none.</summary>
    [Id(45)]
    public ImmutableArray<string> LeftOut { get; init; } = [];
}

/// <summary>What one judge said of one draft.</summary>
[GenerateSerializer, Immutable, Alias("cascade.routing.verdict")]
public sealed record VerdictRecord
{
    /// <summary>The judge.</summary>
    [Id(0)]
    public required string Verifier { get; init; }

    /// <summary>The judge's own score, 0 to 1, before calibration; NaN when it had no opinion.</summary>
    [Id(1)]
    public required double Score { get; init; }

    /// <summary>What the judgment cost, in nano-dollars.</summary>
    [Id(2)]
    public long CostNanos { get; init; }

    /// <summary>Codes of what was found, for example <c>equation-wrong</c>; never text of the prompt or the answer.</summary>
    [Id(3)]
    public ImmutableArray<string> Evidence { get; init; } = [];
}
