namespace Cascade.Verification;

/// <summary>How a composed judge makes one score of several.</summary>
public enum CompositeRule
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>The lowest opinion.</summary>
    All = 1,

    /// <summary>The first opinion.</summary>
    First = 2,

    /// <summary>The weighted mean of the opinions, over the parts that have one.</summary>
    Weighted = 3,
}
