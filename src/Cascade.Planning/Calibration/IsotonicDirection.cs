namespace Cascade.Planning.Calibration;

/// <summary>Which way an isotonic fit may go.</summary>
public enum IsotonicDirection
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>Higher scores never have lower values: P(right | score).</summary>
    NonDecreasing = 1,

    /// <summary>Higher scores never have higher values: the benefit of escalating a draft.</summary>
    NonIncreasing = 2,
}
