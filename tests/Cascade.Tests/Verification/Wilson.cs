namespace Cascade.Tests.Verification;

/// <summary>A share of a count with its 95% interval (Wilson 1927), which stays within 0 to 1 and is sane for small counts.</summary>
public readonly record struct Wilson(long Hits, long Count)
{
    private const double Z = 1.959963984540054;

    public double Share => (double)Hits / Count;

    public double Low => Bound(-1);

    public double High => Bound(1);

    public override string ToString() => FormattableString.Invariant($"{Share:F3} [{Low:F3}, {High:F3}] of {Count}");

    private double Bound(int side)
    {
        var center = Share + (Z * Z / (2 * Count));
        var half = Z * Math.Sqrt((Share * (1 - Share) / Count) + (Z * Z / (4.0 * Count * Count)));
        return (center + (side * half)) / (1 + (Z * Z / Count));
    }
}
