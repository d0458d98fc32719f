using System.Text.Json.Serialization;

namespace Cascade.Server.Gateway.Wire;

internal sealed record BudgetBody
{
    public string Object { get; init; } = "cascade.budget";

    public required string Account { get; init; }

    public required IReadOnlyList<BudgetWindow> Windows { get; init; }

    public required string SettledUsd { get; init; }

    public required string UnconfirmedUpperUsd { get; init; }

    public required string UnconfirmedLowerUsd { get; init; }

    public required string LeasedUsd { get; init; }

    public required string OverrunUsd { get; init; }

    public required int OpenLeases { get; init; }

    public required long Requests { get; init; }

    public required double ShadowPrice { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BudgetPrice>? PriceHistory { get; init; }
}

internal sealed record BudgetPrice
{
    public required DateTimeOffset At { get; init; }

    public required double ShadowPrice { get; init; }

    public required string SettledUsd { get; init; }

    public required string RemainingUsd { get; init; }
}

internal sealed record BudgetWindow
{
    public required string Window { get; init; }

    public required bool Hard { get; init; }

    public required string Mode { get; init; }

    public required string CapUsd { get; init; }

    public required string SettledUsd { get; init; }

    public required string RemainingUsd { get; init; }

    public DateTimeOffset? ResetsAt { get; init; }
}

internal sealed record OverrideBody
{
    public string Object { get; init; } = "cascade.override";

    public required string Id { get; init; }

    public required string Account { get; init; }

    public required string? Endpoint { get; init; }

    public required bool Ended { get; init; }

    public required string LimitUsd { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }
}

internal sealed record HealthBody
{
    public required string Status { get; init; }

    public IReadOnlyDictionary<string, string> Checks { get; init; } = new Dictionary<string, string>();
}
