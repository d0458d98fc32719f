namespace Cascade.Verification;

/// <summary>Marks a judge that looks at the log-probabilities of a draft, so that they are asked of the provider.</summary>
public interface ILogProbabilityReader
{
    /// <summary>Whether it looks at them.</summary>
    bool ReadsLogProbabilities { get; }
}
