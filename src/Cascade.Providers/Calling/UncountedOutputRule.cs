namespace Cascade.Providers.Calling;

/// <summary>How many tokens an answer is taken to have when its provider does not count them.</summary>
public enum UncountedOutputRule
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>The whole output limit: a model may have reasoned as much without saying it.</summary>
    Limit = 1,

    /// <summary>
    /// What its text can have at most: its bytes over the fewest bytes of a token, and 8 tokens of margin; never more than the output limit. For
    /// models that say all they think.
    /// </summary>
    Text = 2,
}
