namespace Cascade.Planning.Scoring;

/// <summary>How a signal is brought to 0 to 1.</summary>
public enum SignalForm
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>It is 0 to 1 by itself.</summary>
    Unit = 1,

    /// <summary>eˣ: the signal is the logarithm of a probability, or falls like one.</summary>
    LogProbability = 2,

    /// <summary>σ((x − centre) / spread): any number.</summary>
    Standardised = 3,
}
