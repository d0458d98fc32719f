namespace Cascade.Planning.Sweeps;

/// <summary>What can be done with a pair of models.</summary>
public enum PairPolicyKind
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>The cheap model alone.</summary>
    DirectLow = 1,

    /// <summary>The cheap model first; the strong one when the score is below the threshold.</summary>
    Threshold = 2,

    /// <summary>The strong model alone; the cheap one is not paid for.</summary>
    DirectHigh = 3,
}
