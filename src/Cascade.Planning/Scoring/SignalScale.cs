namespace Cascade.Planning.Scoring;

/// <summary>What the numbers of a confidence signal are.</summary>
public enum SignalScale
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>Any number; higher means surer.</summary>
    Raw = 1,

    /// <summary>A probability, 0 to 1.</summary>
    Probability = 2,

    /// <summary>The natural logarithm of a probability, −∞ to 0; keeps apart what is next to 1.</summary>
    LogProbability = 3,
}
