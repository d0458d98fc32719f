namespace Cascade.Providers.Calling;

/// <summary>What the caller of an endpoint needs to know beside its chat client.</summary>
internal sealed record ModelCallerSettings
{
    public required string Endpoint { get; init; }

    /// <summary>The model id put on every call; empty leaves the call's own.</summary>
    public string Model { get; init; } = "";

    public double MinBytesPerToken { get; init; } = 1;

    public UncountedOutputRule UncountedOutput { get; init; } = UncountedOutputRule.Limit;

    public StreamUsageRule StreamUsage { get; init; } = StreamUsageRule.Cumulative;

    /// <summary>
    /// Whether every whole stream of the protocol says why the answer ended. Anthropic's adapter hands on the count so far when a stream breaks off, which
    /// must not be taken for the bill.
    /// </summary>
    public bool SaysWhyItStopped { get; init; }

    /// <summary>Whether the client marks <see cref="CallScope"/> when a request leaves; if not, every call counts as sent.</summary>
    public bool TracksSending { get; init; }

    public bool EnableSensitiveData { get; init; }
}
