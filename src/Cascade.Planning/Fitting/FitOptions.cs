namespace Cascade.Planning.Fitting;

/// <summary>Limits of a fit.</summary>
public sealed record FitOptions
{
    /// <summary>Decides whatever is drawn at random: the same seed gives the same fit.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Most operating points that one strategy may offer, at least 2.</summary>
    public int MaxCandidates { get; init; } = 200;

    /// <summary>Most models of a chain, at least 1.</summary>
    public int MaxChainLength { get; init; } = 3;

    /// <summary>Shadow prices tried per strategy, at least 2.</summary>
    public int PriceGridSize { get; init; } = 48;

    /// <summary>What strategies that may return no answer count it as.</summary>
    public AbstentionOptions Abstention { get; init; } = new();
}
