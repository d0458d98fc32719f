using System.Collections.Concurrent;
using System.Numerics;

namespace Cascade.Planning.CascadeRouting;

/// <summary>
/// Conditions an <see cref="EvidenceModel"/> on sets of scores. Both matrices depend on the sets alone, so that they are computed once per pair of
/// sets and kept; beyond the limit they are computed anew each time, which is slower and allocates, but bounds memory. Thread-safe.
/// </summary>
internal sealed class EvidenceConditioner
{
    /// <summary>Pairs of sets that are kept: two matrices each, at most 4 KB, so at most 16 MB.</summary>
    public const int MostKept = 4096;

    private readonly EvidenceModel _model;
    private readonly ConcurrentDictionary<int, ConditionedEvidence> _kept = new();
    private readonly int _k;

    public EvidenceConditioner(EvidenceModel model)
    {
        (_model, _k) = (model, model.Count);
        for (var i = 0; i < _k; i++)
        {
            Scored |= model.ScoreScale[i] > 0 ? 1 << i : 0;
        }

        Of(0, Scored);
    }

    /// <summary>The models whose scores say something.</summary>
    public int Scored { get; }

    /// <summary>Given the scores of some models, when those of <paramref name="obtainable"/> are all there will ever be.</summary>
    /// <param name="observed">The models whose scores were seen, bit by bit.</param>
    /// <param name="obtainable">Those and the models whose scores may still be seen.</param>
    public ConditionedEvidence Of(int observed, int obtainable)
    {
        var key = observed | (obtainable << QuasiNormalPoints.MaxDimensions);
        if (_kept.TryGetValue(key, out var known))
        {
            return known;
        }

        var gain = Gain(observed);
        var factor = new double[_k * _k];
        AddExplained(Gain(obtainable), obtainable, 1, factor);
        AddExplained(gain, observed, -1, factor);
        CholeskyFactor.Factor(factor, _k);
        var computed = new ConditionedEvidence(gain, factor);
        return _kept.Count < MostKept ? _kept.GetOrAdd(key, computed) : computed;
    }

    /// <summary>C_qz[·,S]·C_zz[S,S]⁻¹, k × k with empty columns outside S.</summary>
    private double[] Gain(int set)
    {
        var size = BitOperations.PopCount((uint)set);
        Span<int> members = stackalloc int[size];
        Members(set, members);
        var inner = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                inner[(i * size) + j] = _model.ScoreCovariance[(members[i] * _k) + members[j]];
            }
        }

        CholeskyFactor.Factor(inner, size);
        var gain = new double[_k * _k];
        Span<double> row = stackalloc double[size];
        for (var i = 0; i < _k; i++)
        {
            for (var j = 0; j < size; j++)
            {
                row[j] = _model.QualityScoreCovariance[(i * _k) + members[j]];
            }

            CholeskyFactor.Solve(inner, size, row);
            for (var j = 0; j < size; j++)
            {
                gain[(i * _k) + members[j]] = row[j];
            }
        }

        return gain;
    }

    private void AddExplained(double[] gain, int set, double sign, double[] sum)
    {
        for (var i = 0; i < _k; i++)
        {
            for (var j = 0; j < _k; j++)
            {
                var explained = 0.0;
                for (var m = 0; m < _k; m++)
                {
                    explained += (set >> m & 1) == 0 ? 0 : gain[(i * _k) + m] * _model.QualityScoreCovariance[(j * _k) + m];
                }

                sum[(i * _k) + j] += sign * explained;
            }
        }
    }

    private static void Members(int set, Span<int> members)
    {
        for (var i = 0; i < members.Length; i++)
        {
            members[i] = BitOperations.TrailingZeroCount(set);
            set &= set - 1;
        }
    }
}

/// <summary>An evidence model given some scores.</summary>
/// <param name="Gain">k × k: by how much the estimate of quality i moves per unit of score j.</param>
/// <param name="Factor">k × k, lower triangular: L with L·Lᵀ = Σ.</param>
internal sealed record ConditionedEvidence(double[] Gain, double[] Factor)
{
    /// <summary>k × k: the variance of the difference of two models' quality.</summary>
    public double[] Spread { get; } = SpreadOf(Factor);

    private static double[] SpreadOf(double[] factor)
    {
        var k = (int)Math.Round(Math.Sqrt(factor.Length));
        var spread = new double[factor.Length];
        for (var pair = 0; pair < spread.Length; pair++)
        {
            for (var d = 0; d < k; d++)
            {
                var apart = factor[(pair / k * k) + d] - factor[(pair % k * k) + d];
                spread[pair] += apart * apart;
            }
        }

        return spread;
    }
}
