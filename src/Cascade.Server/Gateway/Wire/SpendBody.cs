using System.Text.Json.Serialization;

namespace Cascade.Server.Gateway.Wire;

internal sealed record SpendBody
{
    public string Object { get; init; } = "cascade.spend";

    public required string Account { get; init; }

    public required string TimeZone { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    public required IReadOnlyList<SpendLine> Rows { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SpendLine? Total { get; init; }

    /// <summary>Null on the last page.</summary>
    public required string? Next { get; init; }
}

/// <summary>A member that spend is not told apart by is left out.</summary>
internal sealed record SpendLine
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Account { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Period { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    public required string CostUsd { get; init; }

    public required long Requests { get; init; }

    public required long Calls { get; init; }

    public required long InputTokens { get; init; }

    public required long OutputTokens { get; init; }

    public required long CachedTokens { get; init; }

    public required long ReasoningTokens { get; init; }
}
