using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Plans;

namespace Cascade.Planning.CascadeRouting;

/// <summary>
/// Optimal cascading: a fixed chain of models, and after every answer the choice of how far to go on, by E[max_{i≤n} q_i] − λ·ĉ of every prefix that
/// holds the models that ran. When the best prefix is the one that ran, the answer with the highest estimate is accepted, which need not be the
/// last; otherwise the next model is called. A model that fails is stepped over.
/// </summary>
/// <remarks>Dekoninck, Baader and Vechev, arXiv 2410.10347, section on cascading; the same λ at every step.</remarks>
public sealed record OptimalCascadeSpec : PolicySpec
{
    /// <summary>The chain, 1 to 16 models, none twice; the evidence model's models in its order.</summary>
    public required ImmutableArray<int> Models { get; init; }

    /// <summary>What scores say of qualities.</summary>
    public required EvidenceModel Evidence { get; init; }

    /// <summary>Sample points of E[max]: a power of two from 64 to 4,096.</summary>
    public int SamplePoints { get; init; } = ExpectedMaximum.DefaultPoints;

    /// <inheritdoc />
    public override IDecisionPolicy Compile(ImmutableArray<ModelProfile> models)
    {
        QuasiNormalPoints.Require(SamplePoints, nameof(SamplePoints));
        return new OptimalCascadePolicy(models, this);
    }
}
