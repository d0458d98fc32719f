using System.Text.Json.Serialization;
using Cascade.Grains.Budgets;
using Cascade.Server.Gateway;

namespace Cascade.Server.Alerts;

/// <summary>An alert as it is posted. Members are append only.</summary>
internal sealed record AlertBody
{
    public required string Id { get; init; }

    public string Type { get; init; } = "budget.threshold";

    public required string Account { get; init; }

    /// <summary>The endpoint whose calls the cap is for; null when it is for all spend.</summary>
    public required string? Endpoint { get; init; }

    public required string Window { get; init; }

    /// <summary>The length of a rolling window in seconds; null for the others.</summary>
    public required long? SpanSeconds { get; init; }

    public required string Mode { get; init; }

    public required int Percent { get; init; }

    public required string SpentUsd { get; init; }

    public required string CapUsd { get; init; }

    public required DateTimeOffset At { get; init; }

    public static AlertBody Of(BudgetAlert alert) => new()
    {
        Id = alert.Id,
        Account = alert.Budget.Account.Value,
        Endpoint = alert.Budget.Endpoint.Length > 0 ? alert.Budget.Endpoint : null,
        Window = Lower(alert.Cap.Window.ToString()),
        SpanSeconds = alert.Cap.Span > TimeSpan.Zero ? (long)alert.Cap.Span.TotalSeconds : null,
        Mode = Lower(alert.Cap.Mode.ToString()),
        Percent = alert.Percent,
        SpentUsd = UsdText.Format(alert.SpentNanos),
        CapUsd = UsdText.Format(alert.LimitNanos),
        At = alert.At,
    };

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}

/// <summary>How alerts are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AlertBody))]
internal sealed partial class AlertJson : JsonSerializerContext;
