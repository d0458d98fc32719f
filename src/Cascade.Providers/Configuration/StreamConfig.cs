using Cascade.Providers.Calling;

namespace Cascade.Providers;

/// <summary>How streams of an endpoint are waited for and charged, under <c>Cascade:Endpoints:{name}:Stream</c>.</summary>
public sealed class StreamConfig
{
    /// <summary>How long the connection may take.</summary>
    /// <value>Seconds, above 0 to 3600. Default 10.</value>
    public double ConnectTimeoutSeconds { get; set; } = 10;

    /// <summary>How long the first part of an answer may take once the request has been sent.</summary>
    /// <value>Seconds, above 0 to 3600. Not set: as long as the whole call.</value>
    public double? FirstChunkTimeoutSeconds { get; set; }

    /// <summary>How long the next part of an answer may take. Comments that only keep a connection open are no parts.</summary>
    /// <value>Seconds, above 0 to 3600. Default 30.</value>
    public double IdleTimeoutSeconds { get; set; } = 30;

    /// <summary>With <see cref="EndpointConfig.DrainOnCancel"/>: how long a stream without a reader is read on before it is broken off.</summary>
    /// <value>Seconds, 0 to 3600. Default 30.</value>
    public double DrainSeconds { get; set; } = 30;

    /// <summary>With <see cref="EndpointConfig.DrainOnCancel"/>: tokens, counted from above, that are read on before it is broken off.</summary>
    /// <value>Tokens, 0 to 10,000,000. Default 16384.</value>
    public long DrainTokens { get; set; } = 16_384;

    /// <summary>How a stream is charged of which only a part arrived.</summary>
    /// <value>
    /// <c>unconfirmed</c> (default) holds the interval from what arrived to the call's upper bound until it is reconciled. <c>counted</c> settles
    /// the greater of what was reported and what is counted from above: only for a provider that stops to generate when the connection closes,
    /// and bills no reasoning that it does not send. Drafts are ended early only under <c>counted</c>, because otherwise nothing is saved.
    /// </value>
    public string BrokenCharge { get; set; } = BrokenCharges.Unconfirmed;

    /// <summary>With <c>counted</c>: tokens added for what was made and still under way when the stream broke.</summary>
    /// <value>Tokens, 0 to 1,000,000. Default 64.</value>
    public long MarginTokens { get; set; } = 64;

    internal StreamPolicy ToPolicy(EndpointConfig endpoint) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(ConnectTimeoutSeconds),
        FirstChunkTimeout = TimeSpan.FromSeconds(FirstChunkTimeoutSeconds ?? endpoint.TimeoutSeconds),
        IdleTimeout = TimeSpan.FromSeconds(IdleTimeoutSeconds),
        DrainOnCancel = endpoint.DrainOnCancel,
        DrainTime = TimeSpan.FromSeconds(DrainSeconds),
        DrainTokens = DrainTokens,
        BrokenCharge = BrokenCharge == BrokenCharges.Counted ? BrokenStreamCharge.Counted : BrokenStreamCharge.Unconfirmed,
        MarginTokens = MarginTokens,
    };
}

/// <summary>The ways to charge a stream of which only a part arrived.</summary>
internal static class BrokenCharges
{
    public const string Unconfirmed = "unconfirmed";
    public const string Counted = "counted";
}
