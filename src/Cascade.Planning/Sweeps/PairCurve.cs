using Cascade.Planning.Frontier;

namespace Cascade.Planning.Sweeps;

/// <summary>Cost and quality of every threshold of a pair of models. Immutable.</summary>
public sealed class PairCurve
{
    private readonly FrontierPoint[] _points;
    private readonly ScoreGroups _groups;

    internal PairCurve(FrontierPoint[] points, ScoreGroups groups, double highCostUsd, double highQuality)
    {
        (_points, _groups) = (points, groups);
        DirectHigh = new FrontierPoint(highCostUsd, highQuality, points.Length);
    }

    /// <summary>
    /// One point per number of escalated score groups, from none (the cheap model alone) to all; cost never falls along it. The policy of point
    /// i is i, see <see cref="PolicyOf"/>.
    /// </summary>
    public ReadOnlySpan<FrontierPoint> Points => _points;

    /// <summary>The strong model alone.</summary>
    public FrontierPoint DirectHigh { get; }

    /// <summary>The policy with a number.</summary>
    /// <param name="policy">The number of a point of this curve or of <see cref="DirectHigh"/>.</param>
    /// <returns>
    /// The policy. A threshold lies halfway between the last score that escalates and the first that does not.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">This curve has no such policy.</exception>
    public PairPolicy PolicyOf(int policy)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(policy);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(policy, _points.Length);
        return policy switch
        {
            0 => new PairPolicy(PairPolicyKind.DirectLow, double.NegativeInfinity),
            _ when policy == _points.Length => new PairPolicy(PairPolicyKind.DirectHigh, double.NaN),
            _ => new PairPolicy(PairPolicyKind.Threshold, _groups.ThresholdAbove(policy - 1)),
        };
    }

    /// <summary>The hull of all thresholds and both models alone.</summary>
    /// <returns>The frontier; its policies are those of <see cref="PolicyOf"/>.</returns>
    public CostFrontier Frontier() => CostFrontier.Of([.. _points, DirectHigh]);
}
