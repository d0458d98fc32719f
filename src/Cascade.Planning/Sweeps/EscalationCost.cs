namespace Cascade.Planning.Sweeps;

/// <summary>How a smoothed sweep estimates κ(s), the cost of an escalation at a score.</summary>
public enum EscalationCost
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>The same at every score: the mean cost of the strong model.</summary>
    Mean = 1,

    /// <summary>Linear in the score by least squares, cut at 0; for traffic where long answers score differently from short ones.</summary>
    Linear = 2,
}
