namespace Cascade.Server.Gateway.Wire;

internal sealed record EndpointList
{
    public string Object { get; init; } = "list";

    public required IReadOnlyList<EndpointItem> Data { get; init; }
}

internal sealed record EndpointItem
{
    public required string Id { get; init; }

    public string Object { get; init; } = "cascade.endpoint";

    public required string Group { get; init; }

    public required string Circuit { get; init; }

    public required int MaxInFlight { get; init; }

    public required int LimitInFlight { get; init; }

    public required int WantedInFlight { get; init; }

    public required long OutstandingTokens { get; init; }

    public required long? RequestsPerMinute { get; init; }

    public required long RequestsInMinute { get; init; }

    public required long? TokensPerMinute { get; init; }

    public required long TokensInMinute { get; init; }

    public required long? ProviderRequestsLeft { get; init; }

    public required long? ProviderTokensLeft { get; init; }

    public required double PausedSeconds { get; init; }

    public required double CongestionPrice { get; init; }

    public required int EjectedBySilos { get; init; }

    public required long CircuitOpenings { get; init; }

    public required long ProbesSent { get; init; }
}
