using System.Collections.Immutable;
using System.Numerics;
using Cascade.Planning.Decisions;

namespace Cascade.Planning.CascadeRouting;

/// <inheritdoc cref="CascadeRoutingSpec" />
internal sealed class CascadeRoutingPolicy(ImmutableArray<ModelProfile> models, CascadeRoutingSpec spec) : IDecisionPolicy
{
    private readonly BeliefReader _reader = new(models, spec.Models, spec.Evidence, spec.MaxCalls);
    private readonly int _ahead = spec.Greedy ? 1 : spec.Models.Length;

    public IReadOnlyList<ModelProfile> Models { get; } = models;

    public bool ReadsScoreOf(int model) => _reader.Reads(model);

    public Decision Decide(in DecisionState state)
    {
        var belief = _reader.Read(state);
        var best = SupersetWalk.Mine.BestSuperset(belief, state.ShadowPrice, spec.MaxCalls, _ahead, spec.SamplePoints);
        var more = best & ~belief.Answered;
        return more == 0
            ? Ending.Of(belief, _reader, belief.Open == 0 || spec.MaxCalls <= BitOperations.PopCount((uint)belief.Answered))
            : new Decision(DecisionKind.Call, _reader.ModelAt(belief.Cheapest(more)), Ending.ReasonToCall(belief));
    }
}
