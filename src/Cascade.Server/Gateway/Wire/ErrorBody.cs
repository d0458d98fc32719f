using System.Text.Json.Serialization;

namespace Cascade.Server.Gateway.Wire;

internal sealed record ErrorBody
{
    public required ErrorDetail Error { get; init; }
}

internal sealed record ErrorDetail
{
    public required string Message { get; init; }

    public required string Type { get; init; }

    public string? Param { get; init; }

    public required string Code { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RemainingUsd { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NeededUsd { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ResetsAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }
}
