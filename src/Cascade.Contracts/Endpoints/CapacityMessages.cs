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
}
