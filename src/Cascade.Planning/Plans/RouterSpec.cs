using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Policies;

namespace Cascade.Planning.Plans;

/// <summary>
/// Calls the one model with the highest <c>q̂ − λ·ĉ</c> for the request at hand and takes its answer; of equals the cheaper. A model that gives no
/// answer is replaced by the next best. Estimates come with the state; where there is none, the model's profile stands in.
/// </summary>
public sealed record RouterSpec : PolicySpec
{
    /// <summary>The models to choose among; at least one, none twice.</summary>
    public required ImmutableArray<int> Models { get; init; }

    /// <inheritdoc />
    public override IDecisionPolicy Compile(ImmutableArray<ModelProfile> models) => new RouterPolicy(models, this);
}
