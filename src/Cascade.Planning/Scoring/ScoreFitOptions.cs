namespace Cascade.Planning.Scoring;

/// <summary>Limits of fitting score models.</summary>
public sealed record ScoreFitOptions
{
    /// <summary>Parts of the cross-validation, at least 2; a query and its copies are in one part.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Fewest rows with the signal to try more than Platt scaling.</summary>
    public int FewestRowsToCompare { get; init; } = 50;

    /// <summary>Fewest rows with the signal to try isotonic and histogram calibration.</summary>
    public int FewestRowsForSteps { get; init; } = 1000;

    /// <summary>Bins of the histogram, of about equal numbers of rows, 1 or more.</summary>
    public int HistogramBins { get; init; } = 10;

    /// <summary>Another seed is another division into parts.</summary>
    public ulong Seed { get; init; } = 42;
}
