namespace Cascade.Providers;

/// <summary>What is done about a failed or slow call before a route falls back to its next stage.</summary>
public sealed class ReliabilityConfig
{
    /// <summary>How often, in one step of a request, a call that failed without being billed is made again.</summary>
    /// <value>0 to 10. Default 0.</value>
    public int Retries { get; set; }

    /// <summary>
    /// Whether a failed call that may have been billed is made again too: one that timed out, lost its connection or could not be understood. What the
    /// failed call may have cost stays held as unconfirmed.
    /// </summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool RetryUnconfirmed { get; set; }

    /// <summary>The most of a silo's calls to this endpoint that may be repetitions, so that a provider in trouble is not called the more for it.</summary>
    /// <value>A share, 0.01 to 1. Default 0.2. Ten repetitions are free in any lull.</value>
    public double RetryShare { get; set; } = 0.2;

    /// <summary>The longest wait before the first repetition; it doubles with each further one, and a random part of it is waited.</summary>
    /// <value>1 millisecond to 1 minute. Default 200 milliseconds.</value>
    public TimeSpan RetryBackoff { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// When a second call is made beside one that has not been answered, if the endpoint has room and the account can pay both. The first answer counts.
    /// What becomes of the other call is what <see cref="EndpointConfig.DrainOnCancel"/> and <see cref="EndpointConfig.Stream"/> say of calls whose caller
    /// went away, and it is paid for.
    /// </summary>
    /// <value>10 milliseconds to 10 minutes; a little more than 95 % of calls take is a good value. Not set: never.</value>
    public TimeSpan? HedgeAfter { get; set; }

    /// <summary>
    /// Which share of calls is to be answered before a second one is made. How long that takes is learned from the endpoint's calls, silo by silo, and
    /// <see cref="HedgeAfter"/> is the least of it.
    /// </summary>
    /// <value>A share, 0.5 to 0.999; 0.95 is a good value. Not set: <see cref="HedgeAfter"/> is the time itself.</value>
    public double? HedgeQuantile { get; set; }

    /// <summary>The most of a silo's calls to this endpoint that may have a second one beside them, which bounds what hedging costs.</summary>
    /// <value>A share, 0.001 to 1. Default 0.05. Five are free in any lull.</value>
    public double HedgeShare { get; set; } = 0.05;

    /// <summary>
    /// Endpoints of one group are deployments of one model. Routes, plans and requests call it by the group's name: each call goes to the less busy of two
    /// deployments, and when one fails or has no place another stands in. An endpoint can still be called by its own name.
    /// </summary>
    /// <value>A name of at most 100 characters that no endpoint and no route has. Not set: none.</value>
    public string Group { get; set; } = "";
}
