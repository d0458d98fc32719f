namespace Cascade.Planning.Scoring;

/// <summary>How a score becomes a probability, the simplest first.</summary>
public enum CalibratorKind
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>As it is; only for signals of 0 to 1.</summary>
    Identity = 1,

    /// <summary>Two parameters; keeps the order of scores.</summary>
    Platt = 2,

    /// <summary>Three parameters; keeps the order of scores.</summary>
    Beta = 3,

    /// <summary>Steps; keeps the order but makes scores equal that were not.</summary>
    Isotonic = 4,

    /// <summary>Bins; may reverse the order of scores.</summary>
    Histogram = 5,
}
