namespace Cascade.Grains.Model;

/// <summary>How much an endpoint can take, beside its calls in flight.</summary>
public sealed record CapacityModel
{
    /// <summary>Calls that may be started in any 60 seconds, cluster-wide; null for no limit.</summary>
    public long? RequestsPerMinute { get; init; }

    /// <summary>Tokens of calls that are started in any 60 seconds, cluster-wide; null for no limit.</summary>
    public long? TokensPerMinute { get; init; }

    /// <summary>Whether the calls in flight adapt to what the provider takes, between <see cref="MinInFlight"/> and the endpoint's most.</summary>
    public bool Adaptive { get; init; }

    /// <summary>Calls in flight that adapting never goes below, at least 1.</summary>
    public int MinInFlight { get; init; } = 1;

    /// <summary>By which factor answers may be slower than usual before the limit falls, above 1.</summary>
    public double LatencyTolerance { get; init; } = 3;

    /// <summary>Tokens of a typical call, which the congestion price is scaled by, at least 1.</summary>
    public long ExpectedTokens { get; init; } = 500;
}

/// <summary>When an endpoint is taken out of use and looked at again.</summary>
public sealed record HealthModel
{
    /// <summary>Share of failed calls within <see cref="Window"/> that takes it out, above 0 to 1.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>Fewest failures that take it out, at least 1; this many in a row do so at any rate.</summary>
    public int MinFailures { get; init; } = 5;

    /// <summary>How far back failures count.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often one call, cluster-wide, looks whether it is back.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>What is done about a failed or slow call.</summary>
public sealed record ReliabilityModel
{
    /// <summary>How often, in one step of a request, a call that failed without being billed is made again on this endpoint, at least 0.</summary>
    public int Retries { get; init; }

    /// <summary>Whether a failed call that may have been billed is made again too; what it may have cost stays held as unconfirmed.</summary>
    public bool RetryUnconfirmed { get; init; }

    /// <summary>The most of a silo's calls that may be repetitions, as a share above 0 to 1, so that they are no second storm.</summary>
    public double RetryShare { get; init; } = 0.2;

    /// <summary>The longest wait before the first repetition; it doubles with each further one.</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>When a second call is made beside one that has not been answered; null never.</summary>
    public TimeSpan? HedgeAfter { get; init; }

    /// <summary>The share of calls that is to be answered before then, 0.5 to below 1, from which the time is learned; null when it is <see cref="HedgeAfter"/>.</summary>
    public double? HedgeQuantile { get; init; }

    /// <summary>The most of a silo's calls that may have a second one beside them, as a share above 0 to 1.</summary>
    public double HedgeShare { get; init; } = 0.05;

    /// <summary>Endpoints of one group serve the same model and stand in for each other; empty for none.</summary>
    public string Group { get; init; } = "";
}
