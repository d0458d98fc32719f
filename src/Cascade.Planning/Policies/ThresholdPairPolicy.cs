using System.Collections.Immutable;
using Cascade.Planning.Decisions;

namespace Cascade.Planning.Policies;

/// <summary>Two quality stages: model 0 drafts, model 1 answers again, the rest stand in for model 1.</summary>
internal sealed class ThresholdPairPolicy(ImmutableArray<ModelProfile> models, double threshold) : IDecisionPolicy
{
    private const int Cheap = 0;
    private const int Strong = 1;

    public IReadOnlyList<ModelProfile> Models { get; } = models;

    public bool ReadsEstimates => false;

    public Decision Decide(in DecisionState state)
    {
        DecisionStateCheck.Require(state, models.Length);
        return state.Outcomes[Cheap].Kind switch
        {
            OutcomeKind.None => new Decision(DecisionKind.Call, Cheap, DecisionReason.Start),
            OutcomeKind.Answered => AfterDraft(state),
            _ => WithoutDraft(state),
        };
    }

    private static Decision WithoutDraft(in DecisionState state)
    {
        for (var i = Strong; i < state.Outcomes.Length; i++)
        {
            switch (state.Outcomes[i].Kind)
            {
                case OutcomeKind.Answered:
                    return new Decision(DecisionKind.Accept, i, DecisionReason.LastModel);
                case OutcomeKind.None:
                    return new Decision(DecisionKind.Call, i, DecisionReason.Fallback);
            }
        }

        return new Decision(DecisionKind.Abstain, -1, DecisionReason.Exhausted);
    }

    private Decision AfterDraft(in DecisionState state)
    {
        var score = Estimate(state, Cheap);
        if (state.Outcomes[Strong].Kind == OutcomeKind.None)
        {
            return OnScore(state, score);
        }

        for (var i = Strong; i < state.Outcomes.Length; i++)
        {
            switch (state.Outcomes[i].Kind)
            {
                case OutcomeKind.Answered:
                    return Estimate(state, i) >= score
                        ? new Decision(DecisionKind.Accept, i, DecisionReason.LastModel)
                        : new Decision(DecisionKind.Accept, Cheap, DecisionReason.BestAvailable);
                // A stand-in must be worth its own price over the draft that is already paid for, as the strong model had to be.
                case OutcomeKind.None when IsWorth(state, i, score):
                    return new Decision(DecisionKind.Call, i, DecisionReason.Fallback);
            }
        }

        return new Decision(DecisionKind.Accept, Cheap, DecisionReason.BestAvailable);
    }

    private Decision OnScore(in DecisionState state, double score)
    {
        if (score >= threshold)
        {
            return new Decision(DecisionKind.Accept, Cheap, DecisionReason.ScoreReachesThreshold);
        }

        return IsWorth(state, Strong, score)
            ? new Decision(DecisionKind.Call, Strong, DecisionReason.ScoreBelowThreshold)
            : new Decision(DecisionKind.Accept, Cheap, DecisionReason.GainNotWorthPrice);
    }

    private bool IsWorth(in DecisionState state, int model, double score) =>
        Math.Max(0, models[model].Quality - score) > (state.ShadowPrice * models[model].CostUsd) + state.CongestionOf(model);

    // No opinion is no evidence against the draft: what is left to expect of it is what its model delivers on average. Reading it as 0 would
    // let a silent judge escalate everything, reading it as 1 would let it accept everything.
    private double Estimate(in DecisionState state, int model)
    {
        var score = state.Outcomes[model].Score;
        return double.IsNaN(score) ? models[model].Quality : score;
    }
}
