using System.Collections.Immutable;
using Cascade.Planning.Estimation;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Fitting;

/// <summary>What a strategy offers after fitting: policies to choose among, and the evidence they read.</summary>
public sealed record FittedStrategy
{
    /// <summary>The strategy's name.</summary>
    public required string Strategy { get; init; }

    /// <summary>The operating points, at least one, in any order; dominated ones may be among them.</summary>
    public required ImmutableArray<Candidate> Candidates { get; init; }

    /// <summary>How the answers are scored that these policies read, one per model of the context.</summary>
    public required ImmutableArray<ScoreModel?> ScoreModels { get; init; }

    /// <summary>What estimates quality and cost before a model runs; null when no policy reads estimates.</summary>
    public Estimator? Estimator { get; init; }

    /// <summary>What a reader of the report should know of the fit, for example which escalations were ruled out; one sentence each.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];
}

/// <summary>An operating point.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Price">λ in quality per dollar that the policy is to decide with; 0 for policies that ignore it.</param>
public sealed record Candidate(PolicySpec Policy, double Price)
{
    /// <summary>
    /// How the answers are scored that this policy reads, one per model of the context; null for the strategy's own. A pair that decides on what
    /// escalating to its very own strong model gains needs a score that no other pair shares.
    /// </summary>
    /// <remarks>Candidates that are scored alike hold the same array, so that a table is scored once for all of them.</remarks>
    public ImmutableArray<ScoreModel?>? ScoreModels { get; init; }
}
