namespace Cascade.Contracts;

/// <summary>Why a provider was called. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.routing.attempt-purpose")]
public enum AttemptPurpose
{
    /// <summary>Never valid; what an unset field reads as.</summary>
    None = 0,

    /// <summary>The first draft.</summary>
    Draft = 1,

    /// <summary>A judgment on an earlier draft asked for a stronger model.</summary>
    Escalation = 2,

    /// <summary>An earlier call failed, or could not be paid for, or found no capacity.</summary>
    Fallback = 3,

    /// <summary>A judge asked; its answer is evidence and is never returned.</summary>
    Verification = 4,
}

/// <summary>
/// Whether a call was made beside or after another one of the same step because of how that one fared, and not because of what it said. Values are
/// on the wire: append only.
/// </summary>
[GenerateSerializer, Alias("cascade.routing.attempt-repetition")]
public enum AttemptRepetition
{
    /// <summary>The first call of its step.</summary>
    None = 0,

    /// <summary>An earlier call of the step failed, and was made again.</summary>
    Retry = 1,

    /// <summary>Another call of the step was late, and this one was made beside it.</summary>
    Hedge = 2,

    /// <summary>Another deployment of the same model failed or had no place, and this one stands in for it.</summary>
    Failover = 3,
}

/// <summary>How a provider call ended. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.routing.attempt-outcome")]
public enum AttemptOutcome
{
    /// <summary>Never valid; what an unset field reads as.</summary>
    None = 0,

    /// <summary>The provider answered.</summary>
    Answered = 1,

    /// <summary>The call was never made: the account could not pay for it.</summary>
    Unaffordable = 2,

    /// <summary>The call was never made: no capacity came free in time.</summary>
    NoCapacity = 3,

    /// <summary>The provider or the way to it failed.</summary>
    Failed = 4,

    /// <summary>The caller went away.</summary>
    Cancelled = 5,

    /// <summary>A draft was ended early, because what had arrived could not pass its judge any more. Never an answer, and no fault of the provider.</summary>
    Stopped = 35,

    /// <summary>Another call for the same answer was faster. It is given up as one whose caller went away; what it costs is booked all the same.</summary>
    Outrun = 40,
}

/// <summary>How the money of an attempt was booked. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.routing.booking")]
public enum Booking
{
    /// <summary>Nothing was reserved, so nothing had to be booked.</summary>
    None = 0,

    /// <summary>The real cost was booked.</summary>
    Settled = 1,

    /// <summary>Provably not billed; the reservation was given back.</summary>
    Voided = 2,

    /// <summary>It is not known whether the provider bills; the upper bound stays held.</summary>
    Unconfirmed = 3,
}

/// <summary>How well the tokens of an attempt are known. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.routing.usage-source")]
public enum UsageSource
{
    /// <summary>Nothing was used, or nobody knows what.</summary>
    None = 0,

    /// <summary>The provider's own count.</summary>
    Reported = 1,

    /// <summary>The provider gave no count that can be believed; what is missing is an upper estimate.</summary>
    Estimated = 2,
}

/// <summary>One provider call: who, why, what came of it, what it cost.</summary>
[GenerateSerializer, Immutable, Alias("cascade.routing.attempt")]
public sealed record AttemptRecord
{
    /// <summary>Unique to the call; sent to the provider as the client request id.</summary>
    [Id(0)]
    public required string AttemptId { get; init; }

    /// <summary>Who was called.</summary>
    [Id(1)]
    public required EndpointId Endpoint { get; init; }

    /// <summary>Why.</summary>
    [Id(2)]
    public required AttemptPurpose Purpose { get; init; }

    /// <summary>What came of it.</summary>
    [Id(3)]
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>How it was booked.</summary>
    [Id(4)]
    public Booking Booking { get; init; }

    /// <summary>Tokens used.</summary>
    [Id(5)]
    public TokenUsage Usage { get; init; }

    /// <summary>What was reserved before the call, in nano-dollars.</summary>
    [Id(6)]
    public long ReservedNanos { get; init; }

    /// <summary>What it cost (settled), or the most it can have cost (unconfirmed), in nano-dollars.</summary>
    [Id(7)]
    public long CostNanos { get; init; }

    /// <summary>When the attempt began.</summary>
    [Id(8)]
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>From the reservation to the booking.</summary>
    [Id(9)]
    public TimeSpan Duration { get; init; }

    /// <summary>
    /// What the judge says of the draft, 0 to 1: the calibrated probability that it is right where the route has a calibration, else the judge's own
    /// score; NaN when nobody judged it or the judge had no opinion.
    /// </summary>
    [Id(10)]
    public double Score { get; init; } = double.NaN;

    /// <summary>A short code of the failure (never provider text), empty when there was none.</summary>
    [Id(11)]
    public string Error { get; init; } = "";

    /// <summary>Whether the output limit was lowered to what the account could pay.</summary>
    [Id(12)]
    public bool Clamped { get; init; }

    /// <summary>What the route's plan made of the answer, on the plan's own scale, which need not be 0 to 1; NaN when it scores none, or there is no plan.</summary>
    [Id(13)]
    public double PlanScore { get; init; } = double.NaN;

    /// <summary>How well <see cref="Usage"/> is known.</summary>
    [Id(14)]
    public UsageSource UsageSource { get; init; }

    /// <summary>The entry of the price book that was charged, with the moment it took effect; empty when the prices stand at the endpoint.</summary>
    [Id(15)]
    public string Price { get; init; } = "";

    /// <summary>From the call to the first part of its answer; null when it was not streamed, or nothing arrived.</summary>
    [Id(20)]
    public TimeSpan? TimeToFirstChunk { get; init; }

    /// <summary>The least it can have cost (unconfirmed), in nano-dollars; 0 otherwise.</summary>
    [Id(21)]
    public long LeastCostNanos { get; init; }

    /// <summary>The mean log-probability of the answer's tokens, at most 0; NaN when the provider was not asked or does not say.</summary>
    [Id(35)]
    public double MeanLogProbability { get; init; } = double.NaN;

    /// <summary>Tools that the answer calls.</summary>
    [Id(36)]
    public int ToolCallCount { get; init; }

    /// <summary>Why the call repeats one of the same step; none for the first one.</summary>
    [Id(40)]
    public AttemptRepetition Repetition { get; init; }

    /// <summary>The name that the route calls the endpoint by when it is a deployment of a group; empty otherwise.</summary>
    [Id(41)]
    public string Group { get; init; } = "";

    /// <summary>Who is to blame that there is no answer; none when there is one.</summary>
    [Id(25)]
    public AttemptBlame Blame { get; init; }

    /// <summary>How far the attempt came; none when it was answered.</summary>
    [Id(26)]
    public AttemptStage Stage { get; init; }

    /// <summary>Whether it was signed with the account's own key, or that of an account above it, and not with the endpoint's.</summary>
    [Id(45)]
    public bool OwnKey { get; init; }
}
