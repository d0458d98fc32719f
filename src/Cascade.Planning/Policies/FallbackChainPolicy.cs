using System.Collections.Immutable;
using Cascade.Planning.Decisions;

namespace Cascade.Planning.Policies;

/// <summary>Takes the first answer; calls the next model when the one before it gave none.</summary>
internal sealed class FallbackChainPolicy(ImmutableArray<ModelProfile> models) : IDecisionPolicy
{
    private readonly int _count = models.Length;

    public IReadOnlyList<ModelProfile> Models { get; } = models;

    public bool ReadsEstimates => false;

    public Decision Decide(in DecisionState state)
    {
        DecisionStateCheck.Require(state, _count);
        for (var i = 0; i < _count; i++)
        {
            switch (state.Outcomes[i].Kind)
            {
                case OutcomeKind.Answered:
                    return new Decision(DecisionKind.Accept, i, DecisionReason.LastModel);
                case OutcomeKind.None:
                    return new Decision(DecisionKind.Call, i, i == 0 ? DecisionReason.Start : DecisionReason.Fallback);
            }
        }

        return new Decision(DecisionKind.Abstain, -1, DecisionReason.Exhausted);
    }
}
