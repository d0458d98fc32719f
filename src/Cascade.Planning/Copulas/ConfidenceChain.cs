using System.Collections.Immutable;

namespace Cascade.Planning.Copulas;

/// <summary>
/// The joint law of the calibrated confidences along a chain of models as a Markov chain of pair copulas,
/// P(φ_1, …, φ_k) = P(φ_1) Π P(φ_i | φ_{i−1}), and what thresholds on it are expected to deliver (arXiv 2501.09345, section 4; with abstention
/// arXiv 2502.09054). Immutable.
/// </summary>
/// <remarks>
/// Stage i accepts φ_i &gt; T_i, abstains at φ_i ≤ S_i and goes on in between; S_i = −∞ never abstains. As the published method does, the probability
/// of reaching a stage is the product of the pairwise probabilities along the way.
/// </remarks>
public sealed class ConfidenceChain
{
    private readonly ImmutableArray<ChainLink> _links;

    /// <summary>Creates a chain.</summary>
    /// <param name="links">The models in the order they are tried, at least one.</param>
    /// <exception cref="ArgumentException">There is no link, or a cost is not a number from 0 on.</exception>
    public ConfidenceChain(ImmutableArray<ChainLink> links)
    {
        if (links.IsDefaultOrEmpty)
        {
            throw new ArgumentException("a chain needs at least one model", nameof(links));
        }

        for (var i = 0; i < links.Length; i++)
        {
            if (links[i].CostUsd is not (>= 0 and <= ColumnCheck.LargestCost) || links[i].JudgeCostUsd is not (>= 0 and <= ColumnCheck.LargestCost))
            {
                throw new ArgumentException($"link {i} costs {links[i].CostUsd} and {links[i].JudgeCostUsd} dollars; give amounts of 0 or more", nameof(links));
            }
        }

        _links = links;
    }

    /// <summary>The number of stages.</summary>
    public int Length => _links.Length;

    /// <summary>A stage.</summary>
    /// <param name="stage">Its number.</param>
    /// <returns>The stage's model.</returns>
    public ChainLink this[int stage] => _links[stage];

    /// <summary>What thresholds are expected to deliver; an integral of 16 nodes per stage.</summary>
    /// <param name="deferAtMost">T of every stage but the last: go on iff the confidence is at most this.</param>
    /// <param name="abstainAtMost">S of every stage, at most its T; empty never abstains.</param>
    /// <returns>The expectation.</returns>
    /// <exception cref="ArgumentException">There are too many or too few thresholds.</exception>
    public ChainExpectation Expect(ReadOnlySpan<double> deferAtMost, ReadOnlySpan<double> abstainAtMost) => Expect(deferAtMost, abstainAtMost, Memo());

    internal NodeMemo[] Memo() => [.. _links.Select(link => new NodeMemo(link))];

    internal ChainExpectation Expect(ReadOnlySpan<double> deferAtMost, ReadOnlySpan<double> abstainAtMost, NodeMemo[] memo)
    {
        if (deferAtMost.Length != Length - 1 || (abstainAtMost.Length != 0 && abstainAtMost.Length != Length))
        {
            throw new ArgumentException(
                $"{Length} stages have {deferAtMost.Length} and {abstainAtMost.Length} thresholds; give one to defer for each stage but the last, "
                + "and one to abstain for each or none",
                nameof(deferAtMost));
        }

        var (reach, correct, cost, abstained) = (1.0, 0.0, 0.0, 0.0);
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < Length && reach > 0; i++)
        {
            var isLast = i == Length - 1;
            var abstain = abstainAtMost.IsEmpty ? double.NegativeInfinity : abstainAtMost[i];
            var defer = isLast ? abstain : Math.Max(deferAtMost[i], abstain);
            var link = _links[i];
            cost += reach * (link.CostUsd + (isLast && double.IsNegativeInfinity(abstain) ? 0 : link.JudgeCostUsd));
            var given = new Conditional(link.Confidence, i == 0 ? default : link.Dependence, memo[i], low, high);
            correct += reach * given.MeanAbove(defer);
            var gaveUp = given.Cdf(abstain);
            abstained += reach * gaveUp;
            reach *= isLast ? 0 : Math.Max(0, given.Cdf(defer) - gaveUp);
            (low, high) = (link.Confidence.Cdf(abstain), link.Confidence.Cdf(defer));
        }

        return new ChainExpectation(correct, cost, abstained);
    }

    /// <summary>The law of a stage's confidence, given that the stage before it went on: P(φ ≤ x | low &lt; U ≤ high).</summary>
    private readonly struct Conditional(ConfidenceMarginal marginal, GumbelCopula copula, NodeMemo memo, double low, double high)
    {
        private readonly bool _isPlain = copula.Theta == 1 || !(high > low) || (low <= 0 && high >= 1);
        private readonly double _low = copula.Power(low);
        private readonly double _high = copula.Power(high);

        public double Cdf(double x)
        {
            var v = marginal.Cdf(x);
            if (_isPlain || v <= 0)
            {
                return v;
            }

            var power = copula.Power(v);
            return Share(copula.CdfOfPowers(_high, power), low > 0 ? copula.CdfOfPowers(_low, power) : 0);
        }

        public double MeanAbove(double x)
        {
            if (_isPlain || x >= marginal.Max)
            {
                return marginal.MeanAbove(x);
            }

            var from = Math.Max(x, marginal.Min);
            var upTo = memo.Cdf(high, _high, from);
            var below = low > 0 ? memo.Cdf(low, _low, from) : [];
            var integral = 0.0;
            for (var n = 0; n < upTo.Length; n++)
            {
                integral += GaussLegendre.Weights[n] * Share(upTo[n], low > 0 ? below[n] : 0);
            }

            return marginal.Max - (x < marginal.Min ? 0 : from * Cdf(from)) - (integral * (marginal.Max - from));
        }

        private double Share(double upTo, double below) => Math.Clamp((upTo - below) / (high - low), 0, 1);
    }
}
