namespace Cascade.Budgets;

/// <summary>What a cap does. Values are in storage: append only.</summary>
public enum CapMode
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>Refuses what does not fit.</summary>
    Hard = 1,

    /// <summary>Never refuses; its alerts tell how far the spend is.</summary>
    Soft = 2,

    /// <summary>Never refuses, but counts what a hard cap would have refused.</summary>
    Observe = 3,
}
