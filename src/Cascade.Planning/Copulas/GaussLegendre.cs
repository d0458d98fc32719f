namespace Cascade.Planning.Copulas;

/// <summary>Gauss-Legendre quadrature with 16 nodes on 0 to 1; exact for polynomials up to degree 31.</summary>
internal static class GaussLegendre
{
    private const int Count = 16;

    public static double[] Nodes { get; } = new double[Count];

    public static double[] Weights { get; } = new double[Count];

    static GaussLegendre()
    {
        for (var i = 0; i < Count; i++)
        {
            // Newton from the asymptotic place of the root of P_n (Abramowitz and Stegun 25.4.29 and 22.16.6).
            var x = Math.Cos(Math.PI * (i + 0.75) / (Count + 0.5));
            var slope = 1.0;
            for (var step = 0; step < 20; step++)
            {
                (var value, slope) = Legendre(x);
                x -= value / slope;
            }

            Nodes[i] = (1 - x) / 2;
            Weights[i] = 1 / ((1 - (x * x)) * slope * slope);
        }
    }

    private static (double Value, double Slope) Legendre(double x)
    {
        var (before, here) = (1.0, x);
        for (var n = 2; n <= Count; n++)
        {
            (before, here) = (here, ((((2 * n) - 1) * x * here) - ((n - 1) * before)) / n);
        }

        return (here, Count * ((x * here) - before) / ((x * x) - 1));
    }
}
