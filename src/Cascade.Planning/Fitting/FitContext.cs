using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Fitting;

/// <summary>What a strategy may fit on. It holds the rows to fit on alone: no strategy can see the rows that it is chosen or reported by.</summary>
public sealed record FitContext
{
    /// <summary>The rows to fit on; every model has an outcome with a cost on every row. Models in order of mean cost, of equals the worse first.</summary>
    public required OutcomeTable Outcomes { get; init; }

    /// <summary>How answers are scored unless a strategy brings its own evidence: one per model, null where answers carry no signal.</summary>
    public required ImmutableArray<ScoreModel?> ScoreModels { get; init; }

    /// <summary>The scores by <see cref="ScoreModels"/> on <see cref="Outcomes"/>.</summary>
    public required ScoreMatrix Scores { get; init; }

    /// <summary>The models with their means over <see cref="Outcomes"/>.</summary>
    public required ImmutableArray<ModelProfile> Models { get; init; }

    /// <summary>Limits and the seed.</summary>
    public required FitOptions Options { get; init; }
}
