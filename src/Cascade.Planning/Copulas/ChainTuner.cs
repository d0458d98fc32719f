using Cascade.Planning.Optimization;

namespace Cascade.Planning.Copulas;

/// <summary>
/// Finds the thresholds of a chain that minimise its expected loss, E[1[error] + λ_c · cost + λ_a · 1[abstain]], by a bounded quasi-Newton method from
/// several starts (arXiv 2501.09345, section 4; arXiv 2502.09054, section 3). Each threshold stays within the values its confidence takes.
/// </summary>
/// <remarks>
/// At the last stage an answer is worth more than abstaining iff 1 − φ &lt; λ_a, whatever the other thresholds are: its S is 1 − λ_a and no variable.
/// </remarks>
public static class ChainTuner
{
    private static readonly double[] Starts = [0.5, 0.2, 0.8];

    /// <summary>Finds the thresholds.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="qualityPerUsd">λ_c in quality per dollar, finite, at least 0.</param>
    /// <param name="abstention">Where abstaining is allowed.</param>
    /// <param name="abstentionPenalty">λ_a, 0 to 1; not read where abstaining is not allowed.</param>
    /// <param name="start">Thresholds to start from instead of several of its own, for example those of a neighbouring price; null for none.</param>
    /// <returns>The thresholds and what they are expected to deliver.</returns>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static TunedChain Tune(
        ConfidenceChain chain, double qualityPerUsd, AbstentionStages abstention, double abstentionPenalty, TunedChain? start = null)
    {
        ArgumentNullException.ThrowIfNull(chain);
        if (qualityPerUsd is not (>= 0 and <= ColumnCheck.Largest))
        {
            throw new ArgumentOutOfRangeException(nameof(qualityPerUsd), qualityPerUsd, "a price is 0 to 1e100 quality per dollar");
        }

        if (abstentionPenalty is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(abstentionPenalty), abstentionPenalty, "give 0 to 1; 1 counts an abstention like an error");
        }

        return abstention switch
        {
            AbstentionStages.Never => new Search(chain, qualityPerUsd, 1, false, double.NegativeInfinity).Best(start),
            AbstentionStages.LastOnly or AbstentionStages.Any => WithAbstention(chain, qualityPerUsd, abstention, abstentionPenalty, start),
            _ => throw new ArgumentOutOfRangeException(nameof(abstention), abstention, "give Never, LastOnly or Any"),
        };
    }

    private static TunedChain WithAbstention(
        ConfidenceChain chain, double qualityPerUsd, AbstentionStages abstention, double penalty, TunedChain? start)
    {
        var last = chain[chain.Length - 1].Confidence;
        var abstain = 1 - penalty < last.Min ? double.NegativeInfinity : 1 - penalty;
        var best = new Search(chain, qualityPerUsd, penalty, abstention == AbstentionStages.Any, abstain).Best(start);
        if (double.IsNegativeInfinity(abstain) || chain[chain.Length - 1].JudgeCostUsd == 0)
        {
            return best;
        }

        // Where a look at the last answer costs money, accepting it unseen may be better.
        var unseen = new Search(chain, qualityPerUsd, penalty, abstention == AbstentionStages.Any, double.NegativeInfinity).Best(start);
        return unseen.Loss < best.Loss ? unseen : best;
    }

    private sealed class Search(ConfidenceChain chain, double price, double penalty, bool abstainsEarly, double lastAbstain)
    {
        private readonly int _cuts = chain.Length - 1;
        private readonly double[] _defer = new double[chain.Length - 1];
        private readonly double[] _abstain = new double[chain.Length];
        private readonly NodeMemo[] _memo = chain.Memo();

        /// <summary>At high prices the loss is mostly cost; scaled to about 1, one tolerance fits every price.</summary>
        private readonly double _scale = 1 / (1 + (price * Enumerable.Range(0, chain.Length).Sum(i => chain[i].CostUsd + chain[i].JudgeCostUsd)));

        public TunedChain Best(TunedChain? start)
        {
            var size = abstainsEarly ? 2 * _cuts : _cuts;
            var (x, best) = (new double[size], new double[size]);
            var bestLoss = double.PositiveInfinity;
            var ownStarts = abstainsEarly ? Starts.Length + 1 : Starts.Length;
            for (var s = 0; s < (size == 0 || start is not null ? 1 : ownStarts); s++)
            {
                if (s < Starts.Length)
                {
                    Place(x, start, Starts[s]);
                }
                else
                {
                    // Where abstaining costs little, the best is to abstain at once from all; no slope leads there from within.
                    Array.Fill(x, 1);
                }

                var loss = BoxMinimizer.Minimize(Loss, x);
                if (loss < bestLoss)
                {
                    bestLoss = loss;
                    x.CopyTo(best, 0);
                }
            }

            return WithoutUseless(best, bestLoss / _scale);
        }

        private static double Share(ConfidenceMarginal confidence, double x) =>
            confidence.Max > confidence.Min ? Math.Clamp((x - confidence.Min) / (confidence.Max - confidence.Min), 0, 1) : 0;

        // The upper end is the end itself: a sum that is rounded down would leave out the point mass there.
        private static double Within(double low, double high, double share) => share >= 1 ? high : Math.Min(high, low + (share * (high - low)));

        private void Place(double[] x, TunedChain? start, double share)
        {
            for (var i = 0; i < _cuts; i++)
            {
                var defer = start is null ? share : Share(chain[i].Confidence, start.DeferAtMost[i]);
                x[i] = defer;
                if (abstainsEarly)
                {
                    var abstain = start is null || start.AbstainAtMost.IsEmpty ? share / 2 : Share(chain[i].Confidence, start.AbstainAtMost[i]);
                    x[_cuts + i] = defer > 0 ? Math.Min(1, abstain / defer) : 0;
                }
            }
        }

        private double Loss(ReadOnlySpan<double> x)
        {
            Thresholds(x);
            return _scale * Expect().Loss(price, penalty);
        }

        private ChainExpectation Expect() =>
            chain.Expect(_defer, abstainsEarly || !double.IsNegativeInfinity(lastAbstain) ? _abstain : [], _memo);

        private void Thresholds(ReadOnlySpan<double> x)
        {
            _abstain[_cuts] = lastAbstain;
            for (var i = 0; i < _cuts; i++)
            {
                var confidence = chain[i].Confidence;
                _defer[i] = Within(confidence.Min, confidence.Max, x[i]);
                _abstain[i] = abstainsEarly ? Within(confidence.Min, _defer[i], x[_cuts + i]) : double.NegativeInfinity;
            }
        }

        /// <summary>The lower end of the box still abstains from the point mass there: not abstaining at all is tried stage by stage.</summary>
        private TunedChain WithoutUseless(double[] best, double bestLoss)
        {
            Thresholds(best);
            for (var i = 0; abstainsEarly && i < _cuts; i++)
            {
                var kept = _abstain[i];
                _abstain[i] = double.NegativeInfinity;
                var loss = Expect().Loss(price, penalty);
                if (loss > bestLoss)
                {
                    _abstain[i] = kept;
                    continue;
                }

                bestLoss = loss;
            }

            var expectation = Expect();
            var abstains = _abstain.Any(s => !double.IsNegativeInfinity(s));
            return new TunedChain([.. _defer], abstains ? [.. _abstain] : [], expectation, expectation.Loss(price, penalty));
        }
    }
}
