namespace Cascade.Planning.Levels;

/// <summary>What was seen of the drafts on one level of a verification score.</summary>
public sealed record ScoreLevel
{
    /// <summary>The share of all rows on the level, above 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>E[u_H − u_L] on the level, −1 to 1.</summary>
    public required double Benefit { get; init; }

    /// <summary>E[c_H] on the level, in dollars.</summary>
    public required double HighCostUsd { get; init; }

    /// <summary>Rows that the strong model does better on.</summary>
    public int Needy { get; init; }

    /// <summary>Rows that both models do equally well on, above 0.</summary>
    public int Good { get; init; }

    /// <summary>Rows that neither model does well on.</summary>
    public int Hopeless { get; init; }
}
