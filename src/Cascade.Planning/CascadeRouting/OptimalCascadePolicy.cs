using System.Collections.Immutable;
using System.Numerics;
using Cascade.Planning.Decisions;

namespace Cascade.Planning.CascadeRouting;

/// <inheritdoc cref="OptimalCascadeSpec" />
internal sealed class OptimalCascadePolicy(ImmutableArray<ModelProfile> models, OptimalCascadeSpec spec) : IDecisionPolicy
{
    private readonly BeliefReader _reader = new(models, spec.Models, spec.Evidence, spec.Models.IsDefault ? 0 : spec.Models.Length);

    public IReadOnlyList<ModelProfile> Models { get; } = models;

    public bool ReadsScoreOf(int model) => _reader.Reads(model);

    public Decision Decide(in DecisionState state)
    {
        var belief = _reader.Read(state);
        var best = SupersetWalk.Mine.BestPrefix(belief, state.ShadowPrice, spec.SamplePoints);
        var more = best & ~belief.Answered;
        return more == 0
            ? Ending.Of(belief, _reader, belief.Open == 0)
            : new Decision(DecisionKind.Call, _reader.ModelAt(BitOperations.TrailingZeroCount(more)), Ending.ReasonToCall(belief));
    }
}
