namespace Cascade.Providers;

/// <summary>How much an endpoint can take, beside <see cref="EndpointConfig.MaxInFlight"/>.</summary>
public sealed class CapacityConfig
{
    /// <summary>Calls that may be started in any 60 seconds, cluster-wide.</summary>
    /// <value>Calls, 1 to 10,000,000. Not set: no limit.</value>
    public long? RequestsPerMinute { get; set; }

    /// <summary>Tokens of calls that are started in any 60 seconds, cluster-wide: prompt and output limit before a call, the real ones after it.</summary>
    /// <value>Tokens, 1 to 100,000,000,000. Not set: no limit.</value>
    public long? TokensPerMinute { get; set; }

    /// <summary>Whether the calls in flight adapt to what the provider takes: fewer after refusals for rate, failures and slow answers, more while all is well.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool Adaptive { get; set; } = true;

    /// <summary>Calls in flight that adapting never goes below.</summary>
    /// <value>Calls, 1 to <see cref="EndpointConfig.MaxInFlight"/>. Default 1.</value>
    public int MinInFlight { get; set; } = 1;

    /// <summary>By which factor answers may be slower than usual, per token, before the calls in flight become fewer.</summary>
    /// <value>1.1 to 100. Default 3.</value>
    public double LatencyTolerance { get; set; } = 3;
}
