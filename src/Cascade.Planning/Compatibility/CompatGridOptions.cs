namespace Cascade.Planning.Compatibility;

/// <summary>The sizes of <see cref="CompatGridProtocol"/>; the defaults are the published ones.</summary>
public sealed record CompatGridOptions
{
    /// <summary>Random halvings of the rows, at least 1. Default 50.</summary>
    public int Splits { get; init; } = 50;

    /// <summary>Thresholds per pair, evenly over the range of the calibration scores, at least 2. Default 200.</summary>
    public int Thresholds { get; init; } = 200;

    /// <summary>Costs at which curves are compared, evenly from the cheapest to the dearest model, at least 2. Default 500.</summary>
    public int Costs { get; init; } = 500;

    /// <summary>Decides the halvings. Default 42; the published random sequence is not reproduced.</summary>
    public ulong Seed { get; init; } = 42;
}
