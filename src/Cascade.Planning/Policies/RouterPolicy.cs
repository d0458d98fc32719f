using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Plans;
using Cascade.Planning.Routing;

namespace Cascade.Planning.Policies;

/// <summary>Looks at estimates alone, so that no answer needs to be judged.</summary>
internal sealed class RouterPolicy : IDecisionPolicy
{
    private readonly ImmutableArray<ModelProfile> _models;
    private readonly ImmutableArray<int> _choices;

    public RouterPolicy(ImmutableArray<ModelProfile> models, RouterSpec spec)
    {
        if (spec.Models.IsDefaultOrEmpty || spec.Models.Any(m => m < 0 || m >= models.Length) || spec.Models.Distinct().Count() != spec.Models.Length)
        {
            throw new ArgumentException(
                $"a router of {(spec.Models.IsDefault ? 0 : spec.Models.Length)} models does not fit {models.Length} models; give at least one, none twice, each from 0 to {models.Length - 1}",
                nameof(spec));
        }

        (_models, _choices, Models) = (models, spec.Models, models);
    }

    public IReadOnlyList<ModelProfile> Models { get; }

    public bool ReadsScoreOf(int model) => false;

    public Decision Decide(in DecisionState state)
    {
        DecisionStateCheck.Require(state, _models.Length);
        var (best, bestQuality, bestCost) = (-1, 0.0, 0.0);
        var failed = false;
        foreach (var model in _choices)
        {
            switch (state.Outcomes[model].Kind)
            {
                case OutcomeKind.Answered:
                    return new Decision(DecisionKind.Accept, model, DecisionReason.LastModel);
                case OutcomeKind.None:
                    var quality = Known(state.PriorQuality, model, _models[model].Quality) - state.CongestionOf(model);
                    var cost = Known(state.PriorCostUsd, model, _models[model].CostUsd);
                    if (best < 0 || RoutingRule.IsBetter(quality, cost, bestQuality, bestCost, state.ShadowPrice))
                    {
                        (best, bestQuality, bestCost) = (model, quality, cost);
                    }

                    break;
                default:
                    failed = true;
                    break;
            }
        }

        return best < 0
            ? new Decision(DecisionKind.Abstain, -1, DecisionReason.Exhausted)
            : new Decision(DecisionKind.Call, best, failed ? DecisionReason.Fallback : DecisionReason.BestExpectedValue);
    }

    private static double Known(ReadOnlySpan<double> estimates, int model, double profile) =>
        estimates.IsEmpty || double.IsNaN(estimates[model]) ? profile : estimates[model];
}
