namespace Cascade.Planning.Calibration;

/// <summary>How scores are put into bins.</summary>
public enum Binning
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>M bins ((m/M, (m+1)/M], with 0 in the first.</summary>
    EqualWidth = 1,

    /// <summary>At most M bins of about n/M rows each; rows of equal score are never parted.</summary>
    EqualMass = 2,
}
