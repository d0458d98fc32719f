using System.Collections.Immutable;

namespace Cascade.Planning.Outcomes;

/// <summary>The outcome of one model on one query, as it is read from a file.</summary>
public sealed record OutcomeRecord
{
    /// <summary>The query's id.</summary>
    public required string QueryId { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>u: the quality of the answer, 0 to 1.</summary>
    public required double Quality { get; init; }

    /// <summary>c: the cost of the call in dollars, 0 to 1e50; NaN when unknown.</summary>
    public double CostUsd { get; init; } = double.NaN;

    /// <summary>What obtaining the signals cost in dollars, 0 to 1e50.</summary>
    public double JudgeCostUsd { get; init; }

    /// <summary>Input tokens, at least 0; NaN when unknown.</summary>
    public double InputTokens { get; init; } = double.NaN;

    /// <summary>Output tokens, at least 0; NaN when unknown.</summary>
    public double OutputTokens { get; init; } = double.NaN;

    /// <summary>Duration of the call in seconds, at least 0; NaN when unknown.</summary>
    public double LatencySeconds { get; init; } = double.NaN;

    /// <summary>Confidence signals by name, within ±1e100 or infinite at either end; higher means surer. NaN when missing.</summary>
    public ImmutableArray<KeyValuePair<string, double>> Signals { get; init; } = [];
}
