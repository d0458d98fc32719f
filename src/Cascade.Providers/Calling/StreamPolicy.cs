namespace Cascade.Providers.Calling;

/// <summary>How long a stream may keep us waiting, and what becomes of the money of one that does not end well.</summary>
public sealed record StreamPolicy
{
    /// <summary>How long the connection may take, until the request starts to leave.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the first part may take, from when the request starts to leave.</summary>
    public TimeSpan FirstChunkTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the next part may take. Comments that only keep a connection open are no parts.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a stream whose reader has gone is read to its end, so that its real cost becomes known; otherwise it is broken off.</summary>
    public bool DrainOnCancel { get; init; } = true;

    /// <summary>How long a stream without a reader is read on before it is broken off all the same.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many tokens of a stream without a reader are read, counted from above, before it is broken off all the same.</summary>
    public long DrainTokens { get; init; } = 16_384;

    /// <summary>How a stream is charged of which only a part arrived.</summary>
    public BrokenStreamCharge BrokenCharge { get; init; } = BrokenStreamCharge.Unconfirmed;

    /// <summary>Tokens added to a count of what arrived, for what was made and still under way when the stream broke.</summary>
    public long MarginTokens { get; init; } = 64;
}

/// <summary>How a stream is charged of which only a part arrived.</summary>
public enum BrokenStreamCharge
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>An interval stays held, from what arrived to the call's upper bound, until it is reconciled. Safe with every provider.</summary>
    Unconfirmed = 1,

    /// <summary>
    /// The greater of what the provider reported and what is counted from above in what arrived, with a margin, is settled. Only for a provider
    /// that stops to generate when the connection closes, and bills no reasoning that it does not send.
    /// </summary>
    Counted = 2,
}
