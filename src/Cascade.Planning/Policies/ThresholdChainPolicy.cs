using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Plans;

namespace Cascade.Planning.Policies;

/// <summary>
/// Walks a chain of stages. A stage that gave no answer is stepped over, which is a fallback and no escalation; when the stages are used up, the
/// best-scored answer there is stands.
/// </summary>
internal sealed class ThresholdChainPolicy : IColumnPolicy
{
    private readonly ImmutableArray<ModelProfile> _models;
    private readonly ImmutableArray<int> _stages;
    private readonly ImmutableArray<double> _thresholds;
    private readonly ImmutableArray<double> _abstain;
    private readonly ChainSpec _spec;

    public ThresholdChainPolicy(ImmutableArray<ModelProfile> models, ChainSpec spec)
    {
        Require(models.Length, spec);
        (_models, _stages, _thresholds, _abstain) = (models, spec.Models, spec.Thresholds, spec.AbstainAtMost);
        _spec = spec;
        Models = models;
    }

    public IReadOnlyList<ModelProfile> Models { get; }

    public bool ReadsEstimates => false;

    public bool ReadsScoreOf(int model)
    {
        var stage = _stages.IndexOf(model);
        if (stage < 0)
        {
            return false;
        }

        var accepts = stage == _stages.Length - 1 || double.IsNegativeInfinity(_thresholds[stage]);
        return !accepts || (!_abstain.IsEmpty && !double.IsNegativeInfinity(_abstain[stage]));
    }

    public Decision Decide(in DecisionState state)
    {
        DecisionStateCheck.Require(state, _models.Length);
        var reason = DecisionReason.Start;
        for (var stage = 0; stage < _stages.Length; stage++)
        {
            var model = _stages[stage];
            switch (state.Outcomes[model].Kind)
            {
                case OutcomeKind.None:
                    return new Decision(DecisionKind.Call, model, reason);
                case OutcomeKind.Answered:
                    var score = Estimate(state, model);
                    if (!_abstain.IsEmpty && score <= _abstain[stage])
                    {
                        return new Decision(DecisionKind.Abstain, -1, DecisionReason.ScoreTooLow);
                    }

                    if (stage == _stages.Length - 1)
                    {
                        return new Decision(DecisionKind.Accept, model, DecisionReason.LastModel);
                    }

                    if (!(score < _thresholds[stage]))
                    {
                        return new Decision(DecisionKind.Accept, model, DecisionReason.ScoreReachesThreshold);
                    }

                    reason = DecisionReason.ScoreBelowThreshold;
                    break;
                default:
                    reason = DecisionReason.Fallback;
                    break;
            }
        }

        return BestAnswer(state);
    }

    public PolicyResult RunAll(Evidence evidence, double price) => ChainColumns.Run(_spec, _models, ReadsScoreOf, evidence);

    private static void Require(int models, ChainSpec spec)
    {
        if (spec.Models.IsDefaultOrEmpty || spec.Models.Distinct().Count() != spec.Models.Length || spec.Models.Any(m => m < 0 || m >= models))
        {
            throw new ArgumentException($"the stages [{string.Join(", ", spec.Models)}] do not name different models of the {models} there are", nameof(spec));
        }

        if (spec.Thresholds.Length != spec.Models.Length - 1 || spec.Thresholds.Any(double.IsNaN))
        {
            throw new ArgumentException($"{spec.Models.Length} stages need {spec.Models.Length - 1} thresholds that are numbers", nameof(spec));
        }

        if (!spec.AbstainAtMost.IsEmpty && (spec.AbstainAtMost.Length != spec.Models.Length || spec.AbstainAtMost.Any(double.IsNaN)))
        {
            throw new ArgumentException($"{spec.Models.Length} stages need {spec.Models.Length} abstention thresholds that are numbers, or none", nameof(spec));
        }
    }

    private Decision BestAnswer(in DecisionState state)
    {
        var best = -1;
        foreach (var model in _stages)
        {
            if (state.Outcomes[model].Kind == OutcomeKind.Answered && (best < 0 || Estimate(state, model) > Estimate(state, best)))
            {
                best = model;
            }
        }

        return best < 0
            ? new Decision(DecisionKind.Abstain, -1, DecisionReason.Exhausted)
            : new Decision(DecisionKind.Accept, best, DecisionReason.BestAvailable);
    }

    // No opinion is no evidence against the answer: what is left to expect of it is what its model delivers on average.
    private double Estimate(in DecisionState state, int model)
    {
        var score = state.Outcomes[model].Score;
        return double.IsNaN(score) ? _models[model].Quality : score;
    }
}
