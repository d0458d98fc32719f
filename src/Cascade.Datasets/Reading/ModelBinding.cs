using System.Collections.Immutable;

namespace Cascade.Datasets.Reading;

/// <summary>The columns with the outcomes of one model, or in the long format of the row's model; -1 where there is none.</summary>
internal sealed record ModelBinding
{
    /// <summary>The model; null in the long format.</summary>
    public required string? Model { get; init; }

    public required int Quality { get; init; }

    public required int CostUsd { get; init; }

    public required int JudgeCostUsd { get; init; }

    public required int CostWithJudgeUsd { get; init; }

    public required int InputTokens { get; init; }

    public required int OutputTokens { get; init; }

    public required int LatencySeconds { get; init; }

    public required int LatencyMilliseconds { get; init; }

    public required int Answer { get; init; }

    public required ImmutableArray<BoundSignal> Signals { get; init; }

    public IEnumerable<int> Columns =>
    [
        Quality, CostUsd, JudgeCostUsd, CostWithJudgeUsd, InputTokens, OutputTokens, LatencySeconds, LatencyMilliseconds, Answer,
        .. Signals.Select(signal => signal.Column),
    ];
}

internal sealed record BoundSignal(string Name, int Column, double Blank);
