namespace Cascade.Planning.Copulas;

/// <summary>At which stages a chain may return no answer.</summary>
public enum AbstentionStages
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>It always answers.</summary>
    Never = 1,

    /// <summary>After the last model only, as is usual.</summary>
    LastOnly = 2,

    /// <summary>At every stage: hopeless requests end before dearer models are paid for.</summary>
    Any = 3,
}
