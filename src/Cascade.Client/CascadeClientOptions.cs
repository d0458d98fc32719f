namespace Cascade.Client;

/// <summary>Limits of the client.</summary>
public sealed class CascadeClientOptions
{
    /// <summary>How often one call is tried, the first try included. Only faults that make a retry safe count.</summary>
    /// <value>1 to 10; default 3.</value>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>The wait between two tries of one call.</summary>
    /// <value>0 to 10 seconds; default 200 milliseconds.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often the first connection to the cluster is tried before starting the client fails.</summary>
    /// <value>1 to 1000; default 30.</value>
    public int MaxConnectionAttempts { get; set; } = 30;

    /// <summary>The wait between two tries to connect.</summary>
    /// <value>0 to 1 minute; default 1 second.</value>
    public TimeSpan ConnectionRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a short call may take; questions to models have their own, longer limit.</summary>
    /// <value>100 milliseconds to 10 minutes; default 30 seconds.</value>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    internal string? Problem() => this switch
    {
        { MaxAttempts: < 1 or > 10 } => $"{nameof(MaxAttempts)} is {MaxAttempts}; set it to 1 to 10",
        { MaxConnectionAttempts: < 1 or > 1000 } => $"{nameof(MaxConnectionAttempts)} is {MaxConnectionAttempts}; set it to 1 to 1000",
        _ when RetryDelay < TimeSpan.Zero || RetryDelay > TimeSpan.FromSeconds(10) =>
            $"{nameof(RetryDelay)} is {RetryDelay}; set it to 0 to 10 seconds",
        _ when ConnectionRetryDelay < TimeSpan.Zero || ConnectionRetryDelay > TimeSpan.FromMinutes(1) =>
            $"{nameof(ConnectionRetryDelay)} is {ConnectionRetryDelay}; set it to 0 to 1 minute",
        _ when ResponseTimeout < TimeSpan.FromMilliseconds(100) || ResponseTimeout > TimeSpan.FromMinutes(10) =>
            $"{nameof(ResponseTimeout)} is {ResponseTimeout}; set it to 100 milliseconds to 10 minutes",
        _ => null,
    };
}
