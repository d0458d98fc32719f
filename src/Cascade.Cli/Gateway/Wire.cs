namespace Cascade.Cli.Gateway;

internal sealed record BudgetView
{
    public required string Account { get; init; }

    public required IReadOnlyList<WindowView> Windows { get; init; }

    public required string SettledUsd { get; init; }

    public required string UnconfirmedUpperUsd { get; init; }

    public required string LeasedUsd { get; init; }

    public required string OverrunUsd { get; init; }

    public required long Requests { get; init; }

    public required double ShadowPrice { get; init; }

    /// <summary>How the price moved lately; null when it was not asked for.</summary>
    public IReadOnlyList<PriceView>? PriceHistory { get; init; }
}

internal sealed record PriceView(DateTimeOffset At, double ShadowPrice, string SettledUsd, string RemainingUsd);

internal sealed record WindowView
{
    public required string Window { get; init; }

    public required bool Hard { get; init; }

    /// <summary>What the cap does; empty from a server that tells only whether it is hard.</summary>
    public string Mode { get; init; } = "";

    public required string CapUsd { get; init; }

    public required string SettledUsd { get; init; }

    public required string RemainingUsd { get; init; }

    public DateTimeOffset? ResetsAt { get; init; }
}

internal sealed record EndpointView
{
    public required string Id { get; init; }

    public string Group { get; init; } = "";

    public required string Circuit { get; init; }

    public required int MaxInFlight { get; init; }

    public required int LimitInFlight { get; init; }

    public required int WantedInFlight { get; init; }

    public long OutstandingTokens { get; init; }

    public long? RequestsPerMinute { get; init; }

    public long RequestsInMinute { get; init; }

    public long? TokensPerMinute { get; init; }

    public long TokensInMinute { get; init; }

    public long? ProviderRequestsLeft { get; init; }

    public long? ProviderTokensLeft { get; init; }

    public double PausedSeconds { get; init; }

    public double CongestionPrice { get; init; }

    public int EjectedBySilos { get; init; }

    public long CircuitOpenings { get; init; }

    public long ProbesSent { get; init; }
}

/// <summary>A change of a cap as it is posted.</summary>
internal sealed record OverrideWish
{
    public required string Account { get; init; }

    public string? Endpoint { get; init; }

    public required string Id { get; init; }

    public bool End { get; init; }

    public string? Window { get; init; }

    public string? Mode { get; init; }

    public long? SpanSeconds { get; init; }

    public string? ChangeUsd { get; init; }

    public long? ExpiresInSeconds { get; init; }

    public required string Author { get; init; }

    public required string Reason { get; init; }
}

internal sealed record OverrideView
{
    public required string Id { get; init; }

    public required string Account { get; init; }

    public required bool Ended { get; init; }

    public required string LimitUsd { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}

internal sealed record ModelView(string Id, string OwnedBy);

/// <summary>How one question was answered over HTTP.</summary>
internal sealed record ChatOutcome
{
    public required int Status { get; init; }

    /// <summary>The error's code; empty when answered.</summary>
    public string Code { get; init; } = "";

    /// <summary>The error's message; empty when answered.</summary>
    public string Problem { get; init; } = "";

    public string Text { get; init; } = "";

    public string Model { get; init; } = "";

    public long CostNanos { get; init; }

    public int Attempts { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public bool Answered => Status == 200;

    /// <summary>The typed refusal of an account that cannot pay.</summary>
    public bool OutOfBudget => Status == 402 && Code == "insufficient_quota";
}
