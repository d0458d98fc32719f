namespace Cascade.Planning.Calibration;

/// <summary>One bin of a reliability diagram.</summary>
public readonly record struct ReliabilityBin
{
    /// <summary>Lower edge (equal width) or lowest score (equal mass).</summary>
    public required double Low { get; init; }

    /// <summary>Upper edge (equal width) or highest score (equal mass).</summary>
    public required double High { get; init; }

    /// <summary>Rows in the bin; 0 is possible with equal width only.</summary>
    public required int Count { get; init; }

    /// <summary>Mean score of the rows, 0 to 1; NaN without rows.</summary>
    public required double MeanScore { get; init; }

    /// <summary>Mean outcome of the rows, 0 to 1; NaN without rows.</summary>
    public required double MeanOutcome { get; init; }
}
