using Cascade.Planning.Decisions;

namespace Cascade.Planning.Policies;

/// <summary>A state that does not belong to the policy is a bug of the caller, and must not read as a decision.</summary>
internal static class DecisionStateCheck
{
    internal static void Require(in DecisionState state, int models)
    {
        if (state.Outcomes.Length != models)
        {
            throw new ArgumentException($"the state has {state.Outcomes.Length} outcomes, the policy has {models} models", nameof(state));
        }

        if (double.IsNaN(state.ShadowPrice) || state.ShadowPrice < 0)
        {
            throw new ArgumentException($"the shadow price {state.ShadowPrice} is not 0 or more", nameof(state));
        }

        if (!state.Congestion.IsEmpty && state.Congestion.Length != models)
        {
            throw new ArgumentException($"the state has the congestion of {state.Congestion.Length} models, the policy has {models}", nameof(state));
        }
    }
}
