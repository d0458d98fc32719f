namespace Cascade.Planning.Scoring;

/// <summary>
/// How a raw confidence is spread out before a logistic regression sees it (arXiv 2501.09345, section 4.1): raw probabilities crowd next to 1, where
/// a linear logit could not tell them apart.
/// </summary>
public enum ConfidenceTransform
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>z = s.</summary>
    Identity = 1,

    /// <summary>z = −ln(1 − p), for p within 0 to 1 that crowds next to 1, such as a verifier's or a whole answer's probability.</summary>
    OneSided = 2,

    /// <summary>z = −ln 2 − ln(1 − p) from ½ on and ln 2 + ln p below, for p that is centred at ½, such as P(True).</summary>
    TwoSided = 3,
}
