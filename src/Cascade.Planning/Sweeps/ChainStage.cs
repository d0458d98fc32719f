namespace Cascade.Planning.Sweeps;

/// <summary>Recorded outcomes of one model of a chain: columns of equal length, one value per request, the same requests at every stage.</summary>
public sealed class ChainStage
{
    /// <summary>The score of the model's answer, within ±1e100; higher is better. Not read at the last stage, where it may be empty.</summary>
    public ReadOnlyMemory<double> Scores { get; init; }

    /// <summary>The quality of the model's answer, 0 to 1.</summary>
    public required ReadOnlyMemory<double> Quality { get; init; }

    /// <summary>The cost of the model's call in dollars, 0 to 1e50.</summary>
    public required ReadOnlyMemory<double> CostUsd { get; init; }
}
