using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Plans;

namespace Cascade.Planning.Policies;

/// <summary>Drafts, looks up the level of the draft's score, and escalates when the table says so.</summary>
internal sealed class LevelPairPolicy : IDecisionPolicy
{
    private readonly ImmutableArray<ModelProfile> _models;
    private readonly double[] _boundaries;
    private readonly bool[] _escalates;
    private readonly int _low;
    private readonly int _high;
    private readonly int _highestEscalating;

    public LevelPairPolicy(ImmutableArray<ModelProfile> models, LevelPairSpec spec)
    {
        Require(models.Length, spec);
        (_models, _low, _high) = (models, spec.Low, spec.High);
        (_boundaries, _escalates) = ([.. spec.Boundaries], [.. spec.Escalates]);
        _highestEscalating = Array.LastIndexOf(_escalates, true);
        Models = models;
    }

    public IReadOnlyList<ModelProfile> Models { get; }

    public bool ReadsEstimates => false;

    public bool ReadsScoreOf(int model) => model == _low && _escalates.Contains(true) && _escalates.Contains(false);

    public Decision Decide(in DecisionState state)
    {
        DecisionStateCheck.Require(state, _models.Length);
        var draft = state.Outcomes[_low].Kind;
        if (draft == OutcomeKind.None)
        {
            return new Decision(DecisionKind.Call, _low, DecisionReason.Start);
        }

        switch (state.Outcomes[_high].Kind)
        {
            case OutcomeKind.Answered:
                return new Decision(DecisionKind.Accept, _high, DecisionReason.LastModel);
            case OutcomeKind.None:
                return draft == OutcomeKind.Answered ? OnLevel(state) : new Decision(DecisionKind.Call, _high, DecisionReason.Fallback);
            default:
                return draft == OutcomeKind.Answered
                    ? new Decision(DecisionKind.Accept, _low, DecisionReason.BestAvailable)
                    : new Decision(DecisionKind.Abstain, -1, DecisionReason.Exhausted);
        }
    }

    private static void Require(int models, LevelPairSpec spec)
    {
        if (spec.Low < 0 || spec.Low >= models || spec.High < 0 || spec.High >= models || spec.Low == spec.High)
        {
            throw new ArgumentException($"{spec.Low} and {spec.High} are not two different models of the {models} there are", nameof(spec));
        }

        if (spec.Boundaries.IsDefault || spec.Escalates.IsDefault || spec.Escalates.Length != spec.Boundaries.Length + 1)
        {
            throw new ArgumentException("give one flag more than there are boundaries", nameof(spec));
        }

        for (var i = 0; i < spec.Boundaries.Length; i++)
        {
            if (double.IsNaN(spec.Boundaries[i]) || (i > 0 && !(spec.Boundaries[i] > spec.Boundaries[i - 1])))
            {
                throw new ArgumentException($"boundary {i}, {spec.Boundaries[i]}, is not above the one before; give numbers that increase", nameof(spec));
            }
        }
    }

    private Decision OnLevel(in DecisionState state)
    {
        // No opinion is no evidence against the draft: it belongs to the level of what its model delivers on average.
        var score = state.Outcomes[_low].Score;
        var place = Array.BinarySearch(_boundaries, double.IsNaN(score) ? _models[_low].Quality : score);
        var level = place >= 0 ? place + 1 : ~place;
        if (_escalates[level])
        {
            return new Decision(DecisionKind.Call, _high, DecisionReason.ScoreBelowThreshold);
        }

        var reason = level > _highestEscalating ? DecisionReason.ScoreReachesThreshold : DecisionReason.GainNotWorthPrice;
        return new Decision(DecisionKind.Accept, _low, reason);
    }
}
