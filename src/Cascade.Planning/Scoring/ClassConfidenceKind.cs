namespace Cascade.Planning.Scoring;

/// <summary>A way of reading confidence off class probabilities.</summary>
public enum ClassConfidenceKind
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary><see cref="ClassConfidence.MaxProb"/>; recorded as signal <c>maxprob</c>.</summary>
    MaxProb = 1,

    /// <summary><see cref="ClassConfidence.DistanceToUniformL1"/>; recorded as signal <c>dtu</c>.</summary>
    DistanceToUniformL1 = 2,

    /// <summary><see cref="ClassConfidence.DistanceToUniformL2"/>; recorded as signal <c>dtu-l2</c>.</summary>
    DistanceToUniformL2 = 3,
}
