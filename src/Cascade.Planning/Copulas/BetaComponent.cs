using Cascade.Planning.Calibration;

namespace Cascade.Planning.Copulas;

/// <summary>One beta distribution of a mixture, on 0 to 1.</summary>
/// <param name="Weight">Its share of the mixture, 0 to 1.</param>
/// <param name="A">First shape, above 0.</param>
/// <param name="B">Second shape, above 0.</param>
public readonly record struct BetaComponent(double Weight, double A, double B)
{
    internal double LogNorm => SpecialFunctions.LogGamma(A + B) - SpecialFunctions.LogGamma(A) - SpecialFunctions.LogGamma(B);

    internal double Cdf(double x) => SpecialFunctions.RegularizedBeta(x, A, B);

    internal double Density(double x) => Math.Exp(LogNorm + ((A - 1) * Math.Log(x)) + ((B - 1) * Math.Log(1 - x)));
}
