using System.Collections.Immutable;

namespace Cascade.Contracts;

/// <summary>A silo's wish for money of an account, with the news of the money it already has.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.lease-request")]
public sealed record LeaseRequest
{
    /// <summary>Names the command.</summary>
    [Id(0)]
    public required OperationId Operation { get; init; }

    /// <summary>The silo incarnation that will hold the lease.</summary>
    [Id(1)]
    public required string Holder { get; init; }

    /// <summary>How much more the holder would like, in nano-dollars, above 0.</summary>
    [Id(2)]
    public required long WantedNanos { get; init; }

    /// <summary>The least that is of use to the holder, in nano-dollars, 1 to <see cref="WantedNanos"/>.</summary>
    [Id(3)]
    public required long NeededNanos { get; init; }

    /// <summary>What the holder spent under its open lease so far; null when it holds none.</summary>
    [Id(4)]
    public LeaseUsage? Usage { get; init; }

    /// <summary>On whose behalf the holder spends; empty for the general pool. A holder has a lease of its own for each.</summary>
    [Id(5)]
    public string Beneficiary { get; init; } = "";

    /// <summary>
    /// The most that calls will add up to whose intents are not durable yet, in nano-dollars; 0 when every intent is durable before its call
    /// starts. The lease keeps the largest that was asked for.
    /// </summary>
    [Id(6)]
    public long ExposureNanos { get; init; }
}

/// <summary>Totals of one lease since it was opened. They only grow, so a repeated or late message does no harm.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.lease-usage")]
public sealed record LeaseUsage
{
    /// <summary>The lease.</summary>
    [Id(0)]
    public required string LeaseId { get; init; }

    /// <summary>The lease's fencing epoch.</summary>
    [Id(1)]
    public required long Epoch { get; init; }

    /// <summary>Everything settled so far, in nano-dollars.</summary>
    [Id(2)]
    public required long SettledNanos { get; init; }

    /// <summary>Requests that ended so far.</summary>
    [Id(3)]
    public long Requests { get; init; }

    /// <summary>Attempts that the provider may or may not bill; an attempt may be named again.</summary>
    [Id(4)]
    public ImmutableArray<UnconfirmedAttempt> Unconfirmed { get; init; } = [];

    /// <summary>Everything the holder gave back so far without closing the lease, in nano-dollars.</summary>
    [Id(5)]
    public long ReleasedNanos { get; init; }

    /// <summary>Attempts that were unconfirmed and whose cost the holder has learnt since; it is part of <see cref="SettledNanos"/>.</summary>
    [Id(6)]
    public ImmutableArray<ResolvedAttempt> Resolved { get; init; } = [];

    /// <summary>Where it was settled; what this leaves of <see cref="SettledNanos"/> is booked to no endpoint.</summary>
    [Id(7)]
    public ImmutableArray<ModelSpend> ByModel { get; init; } = [];
}

/// <summary>What was spent at one endpoint: totals that only grow.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.model-spend")]
public sealed record ModelSpend
{
    /// <summary>The endpoint; empty for spend of which nobody said where.</summary>
    [Id(0)]
    public required string Endpoint { get; init; }

    /// <summary>Everything settled there, in nano-dollars.</summary>
    [Id(1)]
    public required long SettledNanos { get; init; }

    /// <summary>Provider calls that were settled there.</summary>
    [Id(2)]
    public long Attempts { get; init; }

    /// <summary>Billed input tokens, cached ones included.</summary>
    [Id(3)]
    public long InputTokens { get; init; }

    /// <summary>Billed output tokens, reasoning included.</summary>
    [Id(4)]
    public long OutputTokens { get; init; }

    /// <summary>Input tokens that were read from the provider's cache.</summary>
    [Id(5)]
    public long CachedTokens { get; init; }

    /// <summary>Output tokens that are reasoning.</summary>
    [Id(6)]
    public long ReasoningTokens { get; init; }
}

/// <summary>The cost of an attempt that was unconfirmed before.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.resolved")]
public sealed record ResolvedAttempt
{
    /// <summary>The attempt.</summary>
    [Id(0)]
    public required string AttemptId { get; init; }

    /// <summary>What it cost, in nano-dollars.</summary>
    [Id(1)]
    public required long CostNanos { get; init; }

    /// <summary>Where it was made; empty when that is not known.</summary>
    [Id(2)]
    public string Endpoint { get; init; } = "";
}

/// <summary>An attempt whose cost is known only to lie between two bounds.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.unconfirmed")]
public sealed record UnconfirmedAttempt
{
    /// <summary>The attempt.</summary>
    [Id(0)]
    public required string AttemptId { get; init; }

    /// <summary>The least it can have cost, in nano-dollars.</summary>
    [Id(1)]
    public required long LowerNanos { get; init; }

    /// <summary>The most it can have cost, in nano-dollars; this much stays held.</summary>
    [Id(2)]
    public required long UpperNanos { get; init; }

    /// <summary>Where it was made; empty when that is not known.</summary>
    [Id(3)]
    public string Endpoint { get; init; } = "";
}

/// <summary>What a silo gets: money to spend without asking, or the reason why not.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.lease-reply")]
public sealed record LeaseReply
{
    /// <summary>The outcome.</summary>
    [Id(0)]
    public required BudgetStatus Status { get; init; }

    /// <summary>The lease, when the outcome is <see cref="BudgetStatus.Ok"/>.</summary>
    [Id(1)]
    public string LeaseId { get; init; } = "";

    /// <summary>The lease's fencing epoch.</summary>
    [Id(2)]
    public long Epoch { get; init; }

    /// <summary>Everything granted under the lease since it was opened, before anything was given back, in nano-dollars.</summary>
    [Id(3)]
    public long GrantedNanos { get; init; }

    /// <summary>How long the holder may use the lease, from when it sent the request.</summary>
    [Id(4)]
    public TimeSpan Lifetime { get; init; }

    /// <summary>The account's shadow price, in quality per dollar.</summary>
    [Id(5)]
    public double ShadowPrice { get; init; }

    /// <summary>What the hard caps leave, when the outcome is a refusal.</summary>
    [Id(6)]
    public BudgetRefusal? Refusal { get; init; }

    /// <summary>The most that calls may add up to whose intents are not durable yet, in nano-dollars; durable with the lease.</summary>
    [Id(8)]
    public long ExposureNanos { get; init; }
}

/// <summary>The state of an account's money at a refusal.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.refusal")]
public sealed record BudgetRefusal
{
    /// <summary>The account whose cap refused.</summary>
    [Id(0)]
    public required AccountId Account { get; init; }

    /// <summary>The window whose cap refused, for example <c>day</c>.</summary>
    [Id(1)]
    public required string Window { get; init; }

    /// <summary>The cap, in nano-dollars.</summary>
    [Id(2)]
    public required long CapNanos { get; init; }

    /// <summary>What is neither spent nor held by a call of unknown outcome, in nano-dollars; may be negative after an overrun.</summary>
    [Id(3)]
    public required long RemainingNanos { get; init; }

    /// <summary>What the request needed, in nano-dollars.</summary>
    [Id(4)]
    public required long NeededNanos { get; init; }

    /// <summary>When the window starts anew; null when it never does.</summary>
    [Id(5)]
    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>The endpoint whose calls the cap is for; empty when it is for all spend of the account.</summary>
    [Id(6)]
    public string Endpoint { get; init; } = "";
}

/// <summary>A silo's news of a lease, and whether it gives the lease back.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.usage-report")]
public sealed record UsageReport
{
    /// <summary>Names the command.</summary>
    [Id(0)]
    public required OperationId Operation { get; init; }

    /// <summary>The totals.</summary>
    [Id(1)]
    public required LeaseUsage Usage { get; init; }

    /// <summary>Whether the holder is done with the lease; it must not use it after sending this.</summary>
    [Id(2)]
    public bool Close { get; init; }

    /// <summary>
    /// Whether every call made under the lease is in the journal; only with <see cref="Close"/>. Without it as much as the lease's exposure
    /// stays held until it is reconciled.
    /// </summary>
    [Id(3)]
    public bool Clean { get; init; }
}

/// <summary>The answer to a <see cref="UsageReport"/>.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.usage-reply")]
public sealed record UsageReply
{
    /// <summary>The outcome.</summary>
    [Id(0)]
    public required BudgetStatus Status { get; init; }

    /// <summary>The account's shadow price, in quality per dollar.</summary>
    [Id(1)]
    public double ShadowPrice { get; init; }

    /// <summary>How long the holder may go on using the lease, from when it sent the report.</summary>
    [Id(2)]
    public TimeSpan Lifetime { get; init; }

    /// <summary>
    /// Everything granted under the lease since it was opened, in nano-dollars; 0 when the lease is not open. More than the holder knows when
    /// the reply that granted it was lost.
    /// </summary>
    [Id(3)]
    public long GrantedNanos { get; init; }
}

/// <summary>The late truth about an unconfirmed attempt.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.reconciliation")]
public sealed record Reconciliation
{
    /// <summary>Names the command.</summary>
    [Id(0)]
    public required OperationId Operation { get; init; }

    /// <summary>The attempt.</summary>
    [Id(1)]
    public required string AttemptId { get; init; }

    /// <summary>What it really cost, in nano-dollars; 0 when it was not billed.</summary>
    [Id(2)]
    public required long CostNanos { get; init; }
}
