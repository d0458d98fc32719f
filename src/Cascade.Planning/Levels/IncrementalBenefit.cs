namespace Cascade.Planning.Levels;

/// <summary>
/// ΔIBC, how much more quality per dollar a method buys than the straight line from the cheap to the strong model (arXiv 2310.12963, section 4):
/// IBC = (P_M − P_S)/(C_M − C_S), base = (P_L − P_S)/(C_L − C_S), ΔIBC = 100 · (IBC − base)/base.
/// </summary>
/// <remarks>
/// It grows without bound as the method spends next to nothing more than the cheap model. Never compare by it alone, and only methods that escalate
/// a fair share of the requests.
/// </remarks>
public static class IncrementalBenefit
{
    /// <summary>Share of requests that a method has to escalate for its ΔIBC to count.</summary>
    public const double MinEscalationRate = 0.05;

    /// <summary>Computes ΔIBC.</summary>
    /// <param name="low">Quality and cost of the cheap model.</param>
    /// <param name="high">Quality and cost of the strong model.</param>
    /// <param name="method">Quality and cost of the method, with its verification.</param>
    /// <returns>Percent; NaN where the strong model is not both better and dearer, or the method costs no more than the cheap model.</returns>
    public static double Delta((double Quality, double CostUsd) low, (double Quality, double CostUsd) high, (double Quality, double CostUsd) method)
    {
        var baseline = (high.Quality - low.Quality) / (high.CostUsd - low.CostUsd);
        if (!(high.Quality > low.Quality) || !(high.CostUsd > low.CostUsd) || !(method.CostUsd > low.CostUsd))
        {
            return double.NaN;
        }

        return 100 * (((method.Quality - low.Quality) / (method.CostUsd - low.CostUsd)) - baseline) / baseline;
    }
}
