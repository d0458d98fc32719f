using Cascade.Planning.Calibration;

namespace Cascade.Planning.Estimation;

internal static class Links
{
    /// <summary>e^30 times a mean is beyond any cost; it keeps a far-out query from an infinite one.</summary>
    private const double LargestExponent = 30;

    public static double Apply(LinkFunction link, double z) => link switch
    {
        LinkFunction.Identity => z,
        LinkFunction.Logistic => LogisticRegression.Sigmoid(z),
        LinkFunction.Exponential => Math.Exp(Math.Min(z, LargestExponent)),
        _ => throw new ArgumentException($"there is no link {(int)link}; give identity, logistic or exponential", nameof(link)),
    };
}
