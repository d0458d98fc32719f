namespace Cascade.Planning.CascadeRouting;

/// <summary>Mean and variance of the larger of two jointly normal numbers.</summary>
/// <param name="Mean">E[max].</param>
/// <param name="Variance">Var[max], at least 0.</param>
/// <remarks>C. E. Clark, "The greatest of a finite set of random variables", Operations Research 9(2), 1961.</remarks>
public readonly record struct NormalMaximum(double Mean, double Variance)
{
    /// <summary>Clark's closed form: θ² = σ₁² + σ₂² − 2·cov, a = (μ₁ − μ₂)/θ, E[max] = μ₁Φ(a) + μ₂Φ(−a) + θφ(a); for θ = 0 the larger mean.</summary>
    /// <param name="mean1">μ₁.</param>
    /// <param name="mean2">μ₂.</param>
    /// <param name="variance1">σ₁², at least 0.</param>
    /// <param name="variance2">σ₂², at least 0.</param>
    /// <param name="covariance">The covariance.</param>
    /// <returns>Mean and variance of the larger one.</returns>
    public static NormalMaximum OfTwo(double mean1, double mean2, double variance1, double variance2, double covariance)
    {
        var spread = variance1 + variance2 - (2 * covariance);
        if (!(spread > CholeskyFactor.Jitter))
        {
            return mean1 >= mean2 ? new NormalMaximum(mean1, variance1) : new NormalMaximum(mean2, variance2);
        }

        var theta = Math.Sqrt(spread);
        var a = (mean1 - mean2) / theta;
        var (first, second, density) = (NormalDistribution.Cumulative(a), NormalDistribution.Cumulative(-a), NormalDistribution.Density(a));

        // Relative to the larger mean, so that E[max²] − E[max]² does not cancel digits of large means.
        var centre = Math.Max(mean1, mean2);
        var (m1, m2) = (mean1 - centre, mean2 - centre);
        var mean = (m1 * first) + (m2 * second) + (theta * density);
        var square = (((m1 * m1) + variance1) * first) + (((m2 * m2) + variance2) * second) + ((m1 + m2) * theta * density);
        return new NormalMaximum(centre + mean, Math.Max(0, square - (mean * mean)));
    }
}
