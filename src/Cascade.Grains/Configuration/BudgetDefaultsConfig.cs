namespace Cascade.Grains.Configuration;

/// <summary>What accounts are unless they say otherwise.</summary>
public sealed class BudgetDefaultsConfig
{
    /// <summary>Whether calls wait for the usage journal.</summary>
    public Durability Durability { get; set; } = Durability.Strict;

    /// <summary>
    /// How much calls of one lease may add up to, in dollars, that did not wait for the journal. Decimal text with at most nine places; needed
    /// for batched durability.
    /// </summary>
    public string ExposureUsd { get; set; } = "";
}

/// <summary>Whether a call waits for the usage journal.</summary>
public enum Durability
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>A call starts when its intent is durable, and its answer is given when its cost is.</summary>
    Strict = 1,

    /// <summary>A call waits only when the calls that did not wait add up to the exposure.</summary>
    Batched = 2,
}
