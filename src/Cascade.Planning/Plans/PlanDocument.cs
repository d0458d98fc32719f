using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cascade.Planning.Estimation;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Plans;

/// <summary>
/// A fitted plan: everything that is needed to decide a request, and to explain why it was decided so. Data alone; <see cref="PlanPolicy"/> makes it
/// executable, <see cref="PlanJson"/> reads and writes it. The form is docs/formats/plan.md.
/// </summary>
public sealed record PlanDocument
{
    /// <summary>The version of the form that this library writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the form.</summary>
    public int SchemaVersion { get; init; } = CurrentVersion;

    /// <summary>The plan's name; not blank.</summary>
    public required string Name { get; init; }

    /// <summary>When it was fitted.</summary>
    public required DateTimeOffset FittedAt { get; init; }

    /// <summary>What it was fitted on.</summary>
    public required PlanData Data { get; init; }

    /// <summary>The name of the strategy that offers the points.</summary>
    public required string Strategy { get; init; }

    /// <summary>The models; points name them by index. At least one, no name twice.</summary>
    public required ImmutableArray<PlanModel> Models { get; init; }

    /// <summary>How answers are scored, one per model; null where they are not.</summary>
    public required ImmutableArray<ScoreModel?> ScoreModels { get; init; }

    /// <summary>
    /// Further ways to score answers, one entry per model like <see cref="ScoreModels"/>, for points that need their own;
    /// <see cref="PlanPoint.ScoreSet"/> names them by index. Points that are scored alike share one.
    /// </summary>
    public required ImmutableArray<PlanScoreSet> ScoreSets { get; init; }

    /// <summary>What estimates quality and cost of every model before one runs; null when no point reads estimates.</summary>
    public required Estimator? Estimator { get; init; }

    /// <summary>The operating points from the cheapest to the best: the corners of the hull on the rows that chose them. At least one.</summary>
    public required ImmutableArray<PlanPoint> Points { get; init; }

    /// <summary>λ of the segment between each point and the next, in quality per dollar: what a further dollar buys. Strictly decreasing, above 0.</summary>
    public required ImmutableArray<double> Prices { get; init; }

    /// <summary>λ*(ρ): the price to begin with at a budget, by rising budget and never rising price. Empty when there is none.</summary>
    public required ImmutableArray<PlanWarmStart> WarmStart { get; init; }

    /// <summary>Where the best pair of models changes along the hull, by rising cost. Empty when the strategy has no such pairs.</summary>
    public required ImmutableArray<PlanSwitch> Switches { get; init; }

    /// <summary>What the points delivered on rows that neither fitted nor chose anything; null when no rows were kept for that.</summary>
    public required PlanReport? Report { get; init; }

    /// <summary>
    /// The names of the signals that the plan's scores read, none twice, in the order they are first met. Token counts are not among them: every
    /// answer comes with its own.
    /// </summary>
    /// <remarks>What serves a plan has to supply each of them, or to refuse the plan. Computed; no member of the form.</remarks>
    [JsonIgnore]
    public ImmutableArray<string> Signals =>
    [
        .. ScoreModels.Concat(ScoreSets.SelectMany(set => set.ScoreModels)).OfType<ScoreModel>().SelectMany(score => score.Inputs)
            .Where(name => name is not (ScoreMatrix.InputTokens or ScoreMatrix.OutputTokens)).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>How a point's answers are scored.</summary>
    /// <param name="point">Index of the point.</param>
    /// <returns>One per model; null where answers are not scored.</returns>
    public ImmutableArray<ScoreModel?> ScoreModelsOf(int point) => Points[point].ScoreSet is { } set ? ScoreSets[set].ScoreModels : ScoreModels;
}

/// <summary>A way to score answers that some points share.</summary>
/// <param name="ScoreModels">One per model; null where answers are not scored.</param>
public sealed record PlanScoreSet(ImmutableArray<ScoreModel?> ScoreModels);
