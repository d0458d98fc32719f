using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Plans;

namespace Cascade.Planning.CascadeRouting;

/// <summary>
/// Cascade routing: after every answer, all sets of further models are weighed by what the best of their answers is expected to be worth and what
/// they cost, E[max_{i∈M} q_i] − λ·ĉ(M). When no further model belongs to the best set, the answer with the highest estimate is accepted; otherwise
/// its cheapest model is called. A model that fails is left out from then on.
/// </summary>
/// <remarks>
/// Dekoninck, Baader and Vechev, "A Unified Approach to Routing and Cascading for LLMs", arXiv 2410.10347 (ICML 2025). λ is the same at every step,
/// which is optimal when the estimates are consistent with each other; they are, being conditionals of one <see cref="EvidenceModel"/>.
/// </remarks>
public sealed record CascadeRoutingSpec : PolicySpec
{
    /// <summary>Most models one request calls unless told otherwise.</summary>
    public const int DefaultMaxCalls = 5;

    /// <summary>The models that may be called, 1 to 16, none twice; the evidence model's models in its order.</summary>
    public required ImmutableArray<int> Models { get; init; }

    /// <summary>What scores say of qualities.</summary>
    public required EvidenceModel Evidence { get; init; }

    /// <summary>Most models that may answer one request, at least 1.</summary>
    public int MaxCalls { get; init; } = DefaultMaxCalls;

    /// <summary>Looks one model ahead in place of at all sets: faster, and worse by up to a point or so in the published ablation.</summary>
    public bool Greedy { get; init; }

    /// <summary>Sample points of E[max]: a power of two from 64 to 4,096. With 64, E[max] is off by about 4e-3 standard deviations, with 256 by 1e-3.</summary>
    public int SamplePoints { get; init; } = ExpectedMaximum.DefaultPoints;

    /// <inheritdoc />
    public override IDecisionPolicy Compile(ImmutableArray<ModelProfile> models)
    {
        QuasiNormalPoints.Require(SamplePoints, nameof(SamplePoints));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCalls, 1);
        return new CascadeRoutingPolicy(models, this);
    }
}
