namespace Cascade.Planning.Pacing.Simulation;

/// <summary>From some point of the run on, answers are worth or cost something else than was recorded. Several changes multiply.</summary>
public sealed record OutcomeChange
{
    /// <summary>The share of the requests that come before the change, 0 to 1.</summary>
    public required double FromShare { get; init; }

    /// <summary>The model it concerns; null for all.</summary>
    public int? Model { get; init; }

    /// <summary>What the quality of answers is multiplied by, 0 to 1: 0.5 halves gains, 0 is a failure that nothing reports.</summary>
    public double QualityFactor { get; init; } = 1;

    /// <summary>What the cost is multiplied by, 0 or more. The worst case that is reserved changes with it, because price lists are known.</summary>
    public double CostFactor { get; init; } = 1;

    /// <summary>Whether the estimates know at once; false (the default) leaves it to the pacer, and to cost drift, to notice.</summary>
    public bool IsAnnounced { get; init; }
}
