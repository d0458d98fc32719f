namespace Cascade.Planning.CascadeRouting;

/// <summary>E[max] of jointly normal numbers: what the best of several answers is expected to be worth while each is only estimated.</summary>
public static class ExpectedMaximum
{
    /// <summary>Sample points unless told otherwise.</summary>
    public const int DefaultPoints = 256;

    /// <summary>Most numbers.</summary>
    public const int MaxDimensions = QuasiNormalPoints.MaxDimensions;

    /// <summary>
    /// One number: its mean. Two: Clark's closed form. More: the mean over fixed quasi-random points, whose error with 256 points is about
    /// 1e-3 standard deviations, at most 3e-3 of two numbers.
    /// </summary>
    /// <param name="means">1 to 16 means.</param>
    /// <param name="covariance">Their covariance, symmetric and positive semidefinite, row by row; a singular one is fine.</param>
    /// <returns>E[max].</returns>
    /// <exception cref="ArgumentException">The lengths do not fit, or a number is not finite.</exception>
    public static double Of(ReadOnlySpan<double> means, ReadOnlySpan<double> covariance)
    {
        Require(means, covariance);
        return means.Length switch
        {
            1 => means[0],
            2 => NormalMaximum.OfTwo(means[0], means[1], covariance[0], covariance[3], covariance[1]).Mean,
            _ => Sampled(means, covariance, DefaultPoints),
        };
    }

    /// <summary>E[max] over the fixed points, for any number of models.</summary>
    /// <param name="means">1 to 16 means.</param>
    /// <param name="covariance">Their covariance, symmetric and positive semidefinite, row by row.</param>
    /// <param name="points">How many points: a power of two from 64 to 4,096.</param>
    /// <returns>E[max].</returns>
    /// <exception cref="ArgumentException">The lengths do not fit, a number is not finite, or there is no such set of points.</exception>
    public static double Sampled(ReadOnlySpan<double> means, ReadOnlySpan<double> covariance, int points)
    {
        Require(means, covariance);
        QuasiNormalPoints.Require(points, nameof(points));
        var factor = covariance.ToArray();
        CholeskyFactor.Factor(factor, means.Length);
        var z = QuasiNormalPoints.Of(points);
        var (best, x) = (new double[points], new double[points]);
        best.AsSpan().Fill(double.NegativeInfinity);
        for (var i = 0; i < means.Length; i++)
        {
            SamplePoints.Place(means[i], factor.AsSpan(i * means.Length, i + 1), z, x);
            SamplePoints.Raise(best, x);
        }

        return SamplePoints.MeanOfMax(best, best);
    }

    private static void Require(ReadOnlySpan<double> means, ReadOnlySpan<double> covariance)
    {
        if (means.Length is < 1 or > MaxDimensions || covariance.Length != means.Length * means.Length)
        {
            throw new ArgumentException($"{means.Length} means with {covariance.Length} covariances; give 1 to {MaxDimensions} means and their square", nameof(means));
        }

        foreach (var value in means)
        {
            RequireFinite(value, nameof(means));
        }

        foreach (var value in covariance)
        {
            RequireFinite(value, nameof(covariance));
        }
    }

    private static void RequireFinite(double value, string name)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentException($"{name} holds {value}; give finite numbers", name);
        }
    }
}
