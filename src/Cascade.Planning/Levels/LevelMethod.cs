namespace Cascade.Planning.Levels;

/// <summary>How the levels that escalate are found.</summary>
public enum LevelMethod
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>By benefit per dollar, the best levels first: the optimum over all sets of levels at every price.</summary>
    Optimal = 1,

    /// <summary>Every level up to one, as published.</summary>
    CompatThreshold = 2,

    /// <summary>Every run of levels, as published: hopeless drafts at the low end are kept.</summary>
    CompatDoubleThreshold = 3,

    /// <summary>A decision process over the hidden states needy, good and hopeless for a range of rewards, as published.</summary>
    CompatPomdp = 4,

    /// <summary>By benefit, smoothed over neighbouring levels, the best first, as published.</summary>
    CompatGreedy = 5,
}
