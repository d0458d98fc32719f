namespace Cascade.Planning.Fitting;

/// <summary>Limits of a fit.</summary>
public sealed record FitOptions
{
    /// <summary>Decides whatever is drawn at random: the same seed gives the same fit.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Most operating points that one strategy may offer, at least 2 more than there are models: each model alone, and something between.</summary>
    public int MaxCandidates { get; init; } = 200;

    /// <summary>Most models of a chain, at least 1.</summary>
    public int MaxChainLength { get; init; } = 3;

    /// <summary>Shadow prices tried per strategy, at least 2.</summary>
    public int PriceGridSize { get; init; } = 48;

    /// <summary>What strategies that may return no answer count it as.</summary>
    public AbstentionOptions Abstention { get; init; } = new();

    /// <summary>Everything that is out of its range.</summary>
    /// <param name="models">How many models there are.</param>
    /// <returns>The problems; none when the options hold.</returns>
    internal IEnumerable<string> Problems(int models)
    {
        if (MaxCandidates < models + 2)
        {
            yield return $"{nameof(MaxCandidates)} is {MaxCandidates}; give at least {models + 2}, two more than the {models} models there are";
        }

        if (MaxChainLength < 1)
        {
            yield return $"{nameof(MaxChainLength)} is {MaxChainLength}; give at least 1";
        }

        if (PriceGridSize < 2)
        {
            yield return $"{nameof(PriceGridSize)} is {PriceGridSize}; give at least 2";
        }

        if (Abstention is null)
        {
            yield return $"{nameof(Abstention)} is not given; leave it out for the default";
        }
    }
}
