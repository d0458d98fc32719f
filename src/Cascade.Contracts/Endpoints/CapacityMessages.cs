using System.Collections.Immutable;

namespace Cascade.Contracts;

/// <summary>A silo's demand for an endpoint, with what it used so far.</summary>
[GenerateSerializer, Immutable, Alias("cascade.endpoint.capacity-request")]
public sealed record CapacityRequest
{
    /// <summary>The silo incarnation.</summary>
    [Id(0)]
    public required string Holder { get; init; }

    /// <summary>How many calls it wants in flight; 0 gives the slice back.</summary>
    [Id(1)]
    public required int WantedInFlight { get; init; }

    /// <summary>The most calls it may have in flight until the reply comes; that much stays its own until it renews again.</summary>
    [Id(2)]
    public required int InFlight { get; init; }

    /// <summary>Totals of the holder since it started.</summary>
    [Id(3)]
    public required EndpointUsage Usage { get; init; }

    /// <summary>Counts the holder's requests for this endpoint, from 1; one that arrives after a later one changes nothing.</summary>
    [Id(4)]
    public long Sequence { get; init; }

    /// <summary>Who wants to call, by tenant.</summary>
    [Id(5)]
    public ImmutableArray<TenantDemand> Demands { get; init; } = [];

    /// <summary>What became of rate grants, as it stands now; only those that changed since the last answered request.</summary>
    [Id(6)]
    public ImmutableArray<RateUse> RateUses { get; init; } = [];

    /// <summary>Calls it would start in the coming moment if only the rate limits held it back.</summary>
    [Id(7)]
    public long WantedRequests { get; init; }

    /// <summary>Tokens of those calls, as estimated.</summary>
    [Id(8)]
    public long WantedTokens { get; init; }

    /// <summary>Tokens below which a rate grant would help nobody: those of the call that is next.</summary>
    [Id(9)]
    public long LeastTokens { get; init; }

    /// <summary>What came of calls, in totals of the holder since it started.</summary>
    [Id(10)]
    public CallSignals Signals { get; init; } = new();

    /// <summary>How long the provider has asked this silo to stay away; zero when it has not.</summary>
    [Id(11)]
    public TimeSpan PausedFor { get; init; }

    /// <summary>Calls that the provider would still take, by its last answer to this silo; null when there is nothing new.</summary>
    [Id(20)]
    public QuotaLeft? RequestsLeft { get; init; }

    /// <summary>Tokens that the provider would still take, by its last answer to this silo; null when there is nothing new.</summary>
    [Id(21)]
    public QuotaLeft? TokensLeft { get; init; }

    /// <summary>Tokens of the silo's calls that are under way or wait, as estimated.</summary>
    [Id(22)]
    public long OutstandingTokens { get; init; }

    /// <summary>How long the silo prefers other deployments of the endpoint's group; zero when it does not.</summary>
    [Id(23)]
    public TimeSpan EjectedFor { get; init; }

    /// <summary>How long before the message was sent the provider said what <see cref="RequestsLeft"/> and <see cref="TokensLeft"/> are taken from.</summary>
    [Id(24)]
    public TimeSpan LimitsAge { get; init; }
}

/// <summary>What is left of one of a provider's limits, by its own count.</summary>
[GenerateSerializer, Immutable, Alias("cascade.endpoint.quota-left")]
public sealed record QuotaLeft
{
    /// <summary>How much is left, at least 0.</summary>
    [Id(0)]
    public required long Remaining { get; init; }

    /// <summary>How much there is when nothing is used; null when the provider does not say.</summary>
    [Id(1)]
    public long? Limit { get; init; }

    /// <summary>How long, from when the message was sent, until everything is there again; above 0.</summary>
    [Id(2)]
    public required TimeSpan ResetIn { get; init; }
}

/// <summary>How much one tenant wants of an endpoint on one silo.</summary>
[GenerateSerializer, Immutable, Alias("cascade.endpoint.tenant-demand")]
public sealed record TenantDemand
{
    /// <summary>The first segment of the accounts' paths; empty for all tenants beyond the most that are told apart.</summary>
    [Id(0)]
    public required string Tenant { get; init; }

    /// <summary>Its weight, above 0.</summary>
    [Id(1)]
    public required double Weight { get; init; }

    /// <summary>Calls in flight and calls that wait.</summary>
    [Id(2)]
    public required int Calls { get; init; }
}

/// <summary>What became of a rate grant. Absolute, so a repeated message does no harm.</summary>
[GenerateSerializer, Immutable, Alias("cascade.endpoint.rate-use")]
public sealed record RateUse
{
    /// <summary>The grant.</summary>
    [Id(0)]
    public required long Grant { get; init; }

    /// <summary>Calls that were started under it.</summary>
    [Id(1)]
    public required long Requests { get; init; }

    /// <summary>Their tokens: real ones of calls that ended, estimates of the others.</summary>
    [Id(2)]
    public required long Tokens { get; init; }

    /// <summary>Whether every call under it has ended, so that nothing of this changes any more. No call is started under a grant that is reported.</summary>
    [Id(3)]
    public required bool Final { get; init; }
}

/// <summary>What came of a silo's calls. Totals that only grow.</summary>
[GenerateSerializer, Immutable, Alias("cascade.endpoint.signals")]
public sealed record CallSignals
{
    /// <summary>Calls that the provider handled, answers and refusals of bad requests alike.</summary>
    [Id(0)]
    public long Answered { get; init; }

    /// <summary>Calls that failed by the provider's fault or on the way to it.</summary>
    [Id(1)]
    public long Failed { get; init; }

    /// <summary>Calls that the provider turned away for their rate.</summary>
    [Id(2)]
    public long Throttled { get; init; }

    /// <summary>How long the calls of <see cref="Timed"/> took in all.</summary>
    [Id(3)]
    public TimeSpan Latency { get; init; }

    /// <summary>Output tokens of the calls of <see cref="Timed"/>.</summary>
    [Id(4)]
    public long OutputTokens { get; init; }

    /// <summary>Probes that were answered.</summary>
    [Id(5)]
    public long ProbesAnswered { get; init; }

    /// <summary>Probes that were not.</summary>
    [Id(6)]
    public long ProbesFailed { get; init; }

    /// <summary>Answered calls that say how fast the provider answers: those that have output.</summary>
    [Id(7)]
    public long Timed { get; init; }
}

/// <summary>What calls to an endpoint used. Totals of one holder only grow, so a repeated message does no harm.</summary>
[GenerateSerializer, Immutable, Alias("cascade.endpoint.usage")]
public sealed record EndpointUsage
{
    /// <summary>Calls that ended, whatever came of them.</summary>
    [Id(0)]
    public long Calls { get; init; }

    /// <summary>Calls that failed.</summary>
    [Id(1)]
    public long Failures { get; init; }

    /// <summary>Tokens.</summary>
    [Id(2)]
    public TokenUsage Tokens { get; init; }

    /// <summary>Settled cost, in nano-dollars.</summary>
    [Id(3)]
    public long CostNanos { get; init; }

    /// <summary>Adds two usages.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Their sum.</returns>
    public static EndpointUsage operator +(EndpointUsage left, EndpointUsage right) => new()
    {
        Calls = left.Calls + right.Calls,
        Failures = left.Failures + right.Failures,
        Tokens = left.Tokens + right.Tokens,
        CostNanos = left.CostNanos + right.CostNanos,
    };
}

/// <summary>A silo's share of an endpoint.</summary>
[GenerateSerializer, Immutable, Alias("cascade.endpoint.capacity-reply")]
public sealed record CapacityReply
{
    /// <summary>How many calls the silo may have in flight.</summary>
    [Id(0)]
    public required int GrantedInFlight { get; init; }

    /// <summary>How long the share may be used, from when the request was sent.</summary>
    [Id(1)]
    public required TimeSpan Lifetime { get; init; }

    /// <summary>How the silo's tenants share its slice, so that the shares are fair across the cluster; a tenant that is not named has weight 1.</summary>
    [Id(2)]
    public ImmutableArray<TenantShare> Shares { get; init; } = [];

    /// <summary>Calls the silo may start; null when there are none now, or the endpoint has no rate limit.</summary>
    [Id(3)]
    public RateGrant? Rate { get; init; }

    /// <summary>When to ask again for what was not granted; zero when nothing was held back.</summary>
    [Id(4)]
    public TimeSpan AskAgainIn { get; init; }

    /// <summary>Whether the endpoint is in use.</summary>
    [Id(5)]
    public EndpointCircuit Circuit { get; init; } = EndpointCircuit.Closed;

    /// <summary>How long no call may be started, by the provider's wish; zero when calls may be.</summary>
    [Id(6)]
    public TimeSpan PausedFor { get; init; }

    /// <summary>Calls the silo may make while the circuit is open, to see whether the provider is back.</summary>
    [Id(7)]
    public int Probes { get; init; }

    /// <summary>The price of the endpoint's scarcity, in quality per token; 0 while it has room.</summary>
    [Id(8)]
    public double CongestionPrice { get; init; }
}

/// <summary>Whether an endpoint is in use. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.endpoint.circuit")]
public enum EndpointCircuit
{
    /// <summary>Never valid; what an unset field reads as.</summary>
    None = 0,

    /// <summary>In use.</summary>
    Closed = 1,

    /// <summary>Not in use because it fails; now and then a probe looks whether it is back.</summary>
    Open = 2,
}

/// <summary>A tenant's share of a silo's slice.</summary>
[GenerateSerializer, Immutable, Alias("cascade.endpoint.tenant-share")]
public sealed record TenantShare
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public required string Tenant { get; init; }

    /// <summary>Its weight on this silo, above 0.</summary>
    [Id(1)]
    public required double Weight { get; init; }
}

/// <summary>The right to start calls for a moment.</summary>
[GenerateSerializer, Immutable, Alias("cascade.endpoint.rate-grant")]
public sealed record RateGrant
{
    /// <summary>Names it.</summary>
    [Id(0)]
    public required long Id { get; init; }

    /// <summary>Calls that may be started.</summary>
    [Id(1)]
    public required long Requests { get; init; }

    /// <summary>Tokens that they may have, as estimated.</summary>
    [Id(2)]
    public required long Tokens { get; init; }

    /// <summary>How long it may be used, from when the request was sent.</summary>
    [Id(3)]
    public required TimeSpan Lifetime { get; init; }
}

/// <summary>How busy an endpoint is and what it has cost.</summary>
[GenerateSerializer, Immutable, Alias("cascade.endpoint.snapshot")]
public sealed record EndpointSnapshot
{
    /// <summary>The endpoint.</summary>
    [Id(0)]
    public required EndpointId Endpoint { get; init; }

    /// <summary>Most calls in flight, cluster-wide.</summary>
    [Id(1)]
    public required int MaxInFlight { get; init; }

    /// <summary>Calls in flight that are leased to silos.</summary>
    [Id(2)]
    public required int LeasedInFlight { get; init; }

    /// <summary>Silos that hold a share.</summary>
    [Id(3)]
    public required int Holders { get; init; }

    /// <summary>Totals of every holder there was.</summary>
    [Id(4)]
    public required EndpointUsage Usage { get; init; }

    /// <summary>Calls in flight that are let in now: what adapting to the provider has left of the most.</summary>
    [Id(5)]
    public int LimitInFlight { get; init; }

    /// <summary>Calls per minute; null for no limit.</summary>
    [Id(6)]
    public long? RequestsPerMinute { get; init; }

    /// <summary>Tokens per minute; null for no limit.</summary>
    [Id(7)]
    public long? TokensPerMinute { get; init; }

    /// <summary>Calls of the last minute, leased ones included.</summary>
    [Id(8)]
    public long RequestsInMinute { get; init; }

    /// <summary>Tokens of the last minute, leased ones included.</summary>
    [Id(9)]
    public long TokensInMinute { get; init; }

    /// <summary>Calls that silos want, in flight or waiting.</summary>
    [Id(10)]
    public int WantedInFlight { get; init; }

    /// <summary>Whether it is in use.</summary>
    [Id(11)]
    public EndpointCircuit Circuit { get; init; } = EndpointCircuit.Closed;

    /// <summary>How long no call is started, by the provider's wish; zero when calls are.</summary>
    [Id(12)]
    public TimeSpan PausedFor { get; init; }

    /// <summary>The price of its scarcity, in quality per token.</summary>
    [Id(13)]
    public double CongestionPrice { get; init; }

    /// <summary>How often the circuit has opened since the endpoint was last taken up by a silo.</summary>
    [Id(14)]
    public long CircuitOpenings { get; init; }

    /// <summary>Probes that were let out since the endpoint was last taken up by a silo.</summary>
    [Id(15)]
    public long ProbesSent { get; init; }

    /// <summary>Calls that the provider would still take, by its own count; null when it does not say.</summary>
    [Id(20)]
    public long? ProviderRequestsLeft { get; init; }

    /// <summary>Tokens that the provider would still take, by its own count; null when it does not say.</summary>
    [Id(21)]
    public long? ProviderTokensLeft { get; init; }

    /// <summary>Tokens of calls that are under way or wait on any silo, as estimated.</summary>
    [Id(22)]
    public long OutstandingTokens { get; init; }

    /// <summary>Silos that prefer other deployments of the endpoint's group, because calls fared better there.</summary>
    [Id(23)]
    public int EjectedBy { get; init; }

    /// <summary>The group that it is a deployment of; empty for none.</summary>
    [Id(24)]
    public string Group { get; init; } = "";
}
