namespace Cascade.Planning.Fitting;

/// <summary>What a learned deferral rule predicts.</summary>
public enum DeferralTarget
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>u_H − u_L by ridge regression: harm counts too.</summary>
    Benefit = 1,

    /// <summary>That the strong model is right and the draft is not, max(0, u_H − u_L), by logistic regression with a ridge.</summary>
    Rescue = 2,
}
