using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Policies;

namespace Cascade.Planning.CascadeRouting;

/// <summary>Turns the state of a request into a <see cref="Belief"/> about a pool of models. Thread-safe; allocates nothing once a set of scores was met.</summary>
internal sealed class BeliefReader
{
    private const double LargestScore = 5;

    private readonly ImmutableArray<ModelProfile> _profiles;
    private readonly int[] _pool;
    private readonly EvidenceModel _evidence;
    private readonly EvidenceConditioner _conditioner;
    private readonly bool _readsScores;

    /// <summary>Creates the reader.</summary>
    /// <param name="profiles">All models of the plan.</param>
    /// <param name="pool">Those that may be called.</param>
    /// <param name="evidence">What their scores say.</param>
    /// <param name="mostCalls">Most models that may answer a request: where it is one, nothing is decided after its answer, and no score is paid for.</param>
    public BeliefReader(ImmutableArray<ModelProfile> profiles, ImmutableArray<int> pool, EvidenceModel evidence, int mostCalls)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (pool.IsDefaultOrEmpty || pool.Length > QuasiNormalPoints.MaxDimensions || pool.Distinct().Count() != pool.Length
            || pool.Any(m => m < 0 || m >= profiles.Length))
        {
            throw new ArgumentException(
                $"the pool [{(pool.IsDefault ? "" : string.Join(", ", pool))}] does not name 1 to {QuasiNormalPoints.MaxDimensions} different models of the {profiles.Length} there are",
                nameof(pool));
        }

        if (pool.FirstOrDefault(m => profiles[m].Quality is not (>= 0 and <= 1) || profiles[m].CostUsd is not (>= 0 and < double.PositiveInfinity), -1) is var bad && bad >= 0)
        {
            throw new ArgumentException(
                $"model '{profiles[bad].Name}' has quality {profiles[bad].Quality} and costs {profiles[bad].CostUsd}; give a quality from 0 to 1 and dollars of 0 or more",
                nameof(profiles));
        }

        evidence.Require(pool.Length, nameof(evidence));
        (_profiles, _pool, _evidence, _conditioner) = (profiles, [.. pool], evidence, new EvidenceConditioner(evidence));
        _readsScores = mostCalls > 1 && pool.Length > 1;
    }

    public int ModelAt(int position) => _pool[position];

    public bool Reads(int model)
    {
        var position = Array.IndexOf(_pool, model);
        return _readsScores && position >= 0 && (_conditioner.Scored >> position & 1) != 0;
    }

    /// <summary>Reads a state.</summary>
    /// <exception cref="ArgumentException">The state belongs to other models.</exception>
    public Belief Read(in DecisionState state)
    {
        Require(state);
        var belief = Belief.Mine;
        (belief.Count, belief.Answered, belief.Open, belief.AnyFailed) = (_pool.Length, 0, 0, false);
        Span<double> moved = stackalloc double[_pool.Length];
        var (observed, obtainable) = (0, 0);
        for (var i = 0; i < _pool.Length; i++)
        {
            var prior = Prior(state, i);
            belief.Mean[i] = _evidence.PriorIntercept[i] + (_evidence.PriorSlope[i] * prior);
            belief.CostUsd[i] = Cost(state, i) + (_readsScores ? _evidence.ScoreCostUsd[i] : 0);
            var outcome = state.Outcomes[_pool[i]];
            switch (outcome.Kind)
            {
                case OutcomeKind.None:
                    belief.Open |= 1 << i;
                    obtainable |= 1 << i;
                    break;
                case OutcomeKind.Answered:
                    belief.Answered |= 1 << i;
                    if (!double.IsNaN(outcome.Score))
                    {
                        observed |= 1 << i;
                        moved[i] = Standardised(outcome.Score, prior, i);
                    }

                    break;
                default:
                    belief.AnyFailed = true;
                    break;
            }
        }

        observed &= _conditioner.Scored;
        var evidence = _conditioner.Of(observed, (obtainable & _conditioner.Scored) | observed);
        Move(belief, evidence, observed, moved);
        belief.Evidence = evidence;
        return belief;
    }

    private static void Move(Belief belief, ConditionedEvidence evidence, int observed, ReadOnlySpan<double> moved)
    {
        for (var i = 0; i < belief.Count; i++)
        {
            var mean = belief.Mean[i];
            var row = evidence.Gain.AsSpan(i * belief.Count, belief.Count);
            for (var j = 0; observed != 0 && j < row.Length; j++)
            {
                mean += row[j] * moved[j];
            }

            belief.Mean[i] = Math.Clamp(mean, 0, 1);
        }
    }

    private void Require(in DecisionState state)
    {
        DecisionStateCheck.Require(state, _profiles.Length);
        if ((!state.PriorQuality.IsEmpty && state.PriorQuality.Length != _profiles.Length)
            || (!state.PriorCostUsd.IsEmpty && state.PriorCostUsd.Length != _profiles.Length))
        {
            throw new ArgumentException(
                $"the state has {state.PriorQuality.Length} estimated qualities and {state.PriorCostUsd.Length} costs for {_profiles.Length} models; give one each or none",
                nameof(state));
        }
    }

    // An estimate that is no number says nothing; what is left to expect is what the model does on average.
    private double Prior(in DecisionState state, int position)
    {
        var model = _pool[position];
        return state.PriorQuality.IsEmpty || double.IsNaN(state.PriorQuality[model])
            ? _profiles[model].Quality
            : Math.Clamp(state.PriorQuality[model], 0, 1);
    }

    private double Cost(in DecisionState state, int position)
    {
        var model = _pool[position];
        return !state.PriorCostUsd.IsEmpty && state.PriorCostUsd[model] is >= 0 and < double.PositiveInfinity
            ? state.PriorCostUsd[model]
            : _profiles[model].CostUsd;
    }

    private double Standardised(double score, double prior, int position)
    {
        var scale = _evidence.ScoreScale[position];
        var expected = _evidence.ScoreIntercept[position] + (_evidence.ScorePriorSlope[position] * prior);
        return scale > 0 ? Math.Clamp((score - expected) / scale, -LargestScore, LargestScore) : 0;
    }
}
