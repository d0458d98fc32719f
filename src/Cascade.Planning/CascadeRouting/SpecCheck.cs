namespace Cascade.Planning.CascadeRouting;

/// <summary>Holds what both specs have in common to its documented ranges.</summary>
internal static class SpecCheck
{
    public static void Require(double dearTieShare, int samplePoints)
    {
        if (dearTieShare is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"DearTieShare is {dearTieShare}; give a share from 0 to 1", nameof(dearTieShare));
        }

        if (!QuasiNormalPoints.Has(samplePoints))
        {
            throw new ArgumentException(
                $"SamplePoints is {samplePoints}; give a power of two from {QuasiNormalPoints.FewestPoints} to {QuasiNormalPoints.MostPoints}", nameof(samplePoints));
        }
    }
}
