namespace Cascade.Planning.Copulas;

/// <summary>
/// The Gumbel copula C(u, v) = exp(−((−ln u)^θ + (−ln v)^θ)^{1/θ}), which ties high values together more than low ones: strong models agree on what
/// is easy. Used pair by pair along a chain in "Rational Tuning of LLM Cascades via Probabilistic Modeling", arXiv 2501.09345, section 4.
/// </summary>
public readonly record struct GumbelCopula
{
    /// <summary>The strongest dependence; beyond it the copula is min(u, v) to within 1e-2 and its density leaves the range of a double.</summary>
    public const double MaxTheta = 64;

    private readonly double _dependence;

    /// <summary>Creates the copula.</summary>
    /// <param name="theta">θ; 1 or less is independence, more than <see cref="MaxTheta"/> counts as that.</param>
    /// <exception cref="ArgumentOutOfRangeException">θ is NaN.</exception>
    public GumbelCopula(double theta)
    {
        if (double.IsNaN(theta))
        {
            throw new ArgumentOutOfRangeException(nameof(theta), theta, "give a number; 1 is independence");
        }

        _dependence = Math.Clamp(theta, 1, MaxTheta) - 1;
    }

    /// <summary>θ, from 1 (independence) to <see cref="MaxTheta"/>.</summary>
    public double Theta => 1 + _dependence;

    /// <summary>The copula with a given rank correlation: θ = 1/(1 − τ). A negative τ, which the family cannot express, gives independence.</summary>
    /// <param name="tau">Kendall's τ, −1 to 1; NaN (a column without spread) gives independence.</param>
    /// <returns>The copula.</returns>
    public static GumbelCopula OfKendallTau(double tau) => new(tau > 0 ? 1 / Math.Max(1 - tau, 1 / MaxTheta) : 1);

    /// <summary>C(u, v) = P(U ≤ u, V ≤ v).</summary>
    /// <param name="u">0 to 1.</param>
    /// <param name="v">0 to 1.</param>
    /// <returns>From max(0, u + v − 1) to min(u, v).</returns>
    public double Cdf(double u, double v)
    {
        if (u <= 0 || v <= 0)
        {
            return 0;
        }

        if (u >= 1 || v >= 1 || _dependence == 0)
        {
            return Math.Min(u, 1) * Math.Min(v, 1);
        }

        return Math.Exp(-Norm(-Math.Log(u), -Math.Log(v)));
    }

    /// <summary>P(V ≤ v | U = u) = ∂C/∂u.</summary>
    /// <param name="u">The given value, 0 to 1.</param>
    /// <param name="v">0 to 1.</param>
    /// <returns>0 to 1, not falling in v.</returns>
    public double ConditionalCdf(double u, double v)
    {
        if (v <= 0 || v >= 1)
        {
            return v <= 0 ? 0 : 1;
        }

        if (_dependence == 0)
        {
            return v;
        }

        // At the ends the conditional law is degenerate: the lowest u comes with the lowest v, the highest with the highest.
        if (u <= 0 || u >= 1)
        {
            return u <= 0 ? 1 : 0;
        }

        var (x, y) = (-Math.Log(u), -Math.Log(v));
        var norm = Norm(x, y);
        return Math.Clamp(Math.Exp(x - norm) * Math.Pow(x / norm, _dependence), 0, 1);
    }

    /// <summary>The density ∂²C/∂u∂v.</summary>
    /// <param name="u">Above 0 and below 1.</param>
    /// <param name="v">Above 0 and below 1.</param>
    /// <returns>At least 0; it grows without bound towards the corners.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is on or outside the edge of the unit square.</exception>
    public double Density(double u, double v)
    {
        if (u is not (> 0 and < 1) || v is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(u), $"({u}, {v})", "give two numbers above 0 and below 1");
        }

        if (_dependence == 0)
        {
            return 1;
        }

        var (x, y) = (-Math.Log(u), -Math.Log(v));
        var norm = Norm(x, y);
        return Math.Exp(x + y - norm) * Math.Pow(x / norm, _dependence) * Math.Pow(y / norm, _dependence) * (norm + _dependence) / norm;
    }

    /// <summary>(−ln u)^θ, of which <see cref="CdfOfPowers"/> makes the copula; infinite for u = 0. Even (ln of the smallest double)^64 is finite.</summary>
    internal double Power(double u) => Math.Pow(-Math.Log(Math.Clamp(u, 0, 1)), Theta);

    /// <summary>C(u, v) of the powers of u and v: for integrals over v, where half of the work does not change.</summary>
    internal double CdfOfPowers(double u, double v) => Math.Exp(-Math.Pow(u + v, 1 / Theta));

    /// <summary>(x^θ + y^θ)^{1/θ}, scaled by the larger of the two so that no power overflows.</summary>
    private double Norm(double x, double y)
    {
        var (large, small) = x > y ? (x, y) : (y, x);
        return large * Math.Pow(1 + Math.Pow(small / large, Theta), 1 / Theta);
    }
}
