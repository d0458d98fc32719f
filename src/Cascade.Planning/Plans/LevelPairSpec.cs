using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Policies;

namespace Cascade.Planning.Plans;

/// <summary>
/// Two models and a table: the draft's score falls into a level, and the level says whether to escalate. Any set of levels may escalate, so that drafts
/// which are surely good and drafts that are hopeless for the strong model too can both be kept.
/// </summary>
public sealed record LevelPairSpec : PolicySpec
{
    /// <summary>The model that drafts.</summary>
    public required int Low { get; init; }

    /// <summary>The model that answers again.</summary>
    public required int High { get; init; }

    /// <summary>The scores at which a new level begins, strictly increasing; a level holds its lower boundary, not its upper one.</summary>
    public required ImmutableArray<double> Boundaries { get; init; }

    /// <summary>Whether each level escalates, from the lowest; one more than there are boundaries.</summary>
    public required ImmutableArray<bool> Escalates { get; init; }

    /// <inheritdoc />
    public override IDecisionPolicy Compile(ImmutableArray<ModelProfile> models) => new LevelPairPolicy(models, this);
}
