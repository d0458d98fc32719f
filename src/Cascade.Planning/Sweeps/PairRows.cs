namespace Cascade.Planning.Sweeps;

/// <summary>Recorded outcomes of a cheap and a strong model on the same requests: five columns of equal length, one value per request.</summary>
public readonly ref struct PairRows
{
    /// <summary>s: the score of the cheap model's answer, within ±1e100; higher is better.</summary>
    public required ReadOnlySpan<double> Scores { get; init; }

    /// <summary>u_L: the quality of the cheap model's answer, 0 to 1.</summary>
    public required ReadOnlySpan<double> LowQuality { get; init; }

    /// <summary>u_H: the quality of the strong model's answer, 0 to 1.</summary>
    public required ReadOnlySpan<double> HighQuality { get; init; }

    /// <summary>c_L: the cost of the cheap model's call in dollars, 0 to 1e50.</summary>
    public required ReadOnlySpan<double> LowCostUsd { get; init; }

    /// <summary>c_H: the cost of the strong model's call in dollars, 0 to 1e50.</summary>
    public required ReadOnlySpan<double> HighCostUsd { get; init; }

    internal int Count => Scores.Length;

    internal void Require(string parameter)
    {
        var check = new ColumnCheck(Count);
        check.Finite(Scores, nameof(Scores));
        check.Unit(LowQuality, nameof(LowQuality));
        check.Unit(HighQuality, nameof(HighQuality));
        check.Cost(LowCostUsd, nameof(LowCostUsd));
        check.Cost(HighCostUsd, nameof(HighCostUsd));
        check.Throw(parameter);
    }
}
