using System.Collections.Immutable;

namespace Cascade.Planning.CascadeRouting;

/// <summary>
/// What the scores of some answers say of the quality of every model on the same query: a joint linear-Gaussian model of k models. Before any
/// model runs, E[q_i] = a_i + b_i·q̂_i. A score counts as z_j = (s_j − α_j − β_j·q̂_j)/scale_j, cut to ±5, and the qualities given the scores that
/// were seen are E[q | z_O] = E[q] + C_qz[·,O]·C_zz[O,O]⁻¹·z_O. How far estimates will still move is the covariance of the estimate on all scores
/// against that on those seen, Σ^(O) = C_qz C_zz⁻¹ C_zq − C_qz[·,O] C_zz[O,O]⁻¹ C_zq[O,·]: a score is not the truth, and the part of a model's
/// quality that no score will ever show adds nothing to the best of several answers. Data: a plan document holds it.
/// </summary>
/// <remarks>
/// The post-estimates and Σ^(R) = Cov(q̂^(R) − q̂^(all)) of Dekoninck, Baader and Vechev, "A Unified Approach to Routing and Cascading for LLMs",
/// arXiv 2410.10347, with one model for all subsets R instead of one regression for each, which makes the estimates consistent with each other.
/// </remarks>
public sealed record EvidenceModel
{
    /// <summary>a: one value per model.</summary>
    public required ImmutableArray<double> PriorIntercept { get; init; }

    /// <summary>b: one value per model; 0 where estimates before a model runs say nothing.</summary>
    public required ImmutableArray<double> PriorSlope { get; init; }

    /// <summary>α: one value per model.</summary>
    public required ImmutableArray<double> ScoreIntercept { get; init; }

    /// <summary>β: one value per model.</summary>
    public required ImmutableArray<double> ScorePriorSlope { get; init; }

    /// <summary>One value per model, at least 0; 0 where answers have no score that says anything.</summary>
    public required ImmutableArray<double> ScoreScale { get; init; }

    /// <summary>C_qz: covariance of quality i with score j, k × k row by row.</summary>
    public required ImmutableArray<double> QualityScoreCovariance { get; init; }

    /// <summary>C_zz: covariance of the scores, k × k row by row, positive semidefinite.</summary>
    public required ImmutableArray<double> ScoreCovariance { get; init; }

    /// <summary>What obtaining a score costs on average, in dollars, one value per model.</summary>
    public required ImmutableArray<double> ScoreCostUsd { get; init; }

    /// <summary>k: the number of models.</summary>
    internal int Count => PriorIntercept.Length;

    /// <summary>Trusts the estimates before a model runs as they are, and reads no score.</summary>
    /// <param name="models">k, at least 1.</param>
    /// <returns>The model.</returns>
    public static EvidenceModel PriorsOnly(int models)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(models, 1);
        var zero = ImmutableArray.Create(new double[models]);
        var square = ImmutableArray.Create(new double[models * models]);
        return new EvidenceModel
        {
            PriorIntercept = zero,
            PriorSlope = [.. Enumerable.Repeat(1.0, models)],
            ScoreIntercept = zero,
            ScorePriorSlope = zero,
            ScoreScale = zero,
            QualityScoreCovariance = square,
            ScoreCovariance = square,
            ScoreCostUsd = zero,
        };
    }

    internal void Require(int models, string parameter)
    {
        var problems = new List<string>();
        Check(nameof(PriorIntercept), PriorIntercept, models);
        Check(nameof(PriorSlope), PriorSlope, models);
        Check(nameof(ScoreIntercept), ScoreIntercept, models);
        Check(nameof(ScorePriorSlope), ScorePriorSlope, models);
        Check(nameof(ScoreScale), ScoreScale, models, least: 0);
        Check(nameof(QualityScoreCovariance), QualityScoreCovariance, models * models);
        Check(nameof(ScoreCovariance), ScoreCovariance, models * models);
        Check(nameof(ScoreCostUsd), ScoreCostUsd, models, least: 0);
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", problems), parameter);
        }

        void Check(string name, ImmutableArray<double> values, int count, double least = double.NegativeInfinity)
        {
            if (values.IsDefault || values.Length != count)
            {
                problems.Add($"{name} has {(values.IsDefault ? 0 : values.Length)} values where {count} are needed");
            }
            else if (values.FirstOrDefault(v => !double.IsFinite(v) || v < least) is var bad && bad != 0)
            {
                problems.Add($"{name} holds {bad}; give finite numbers{(least == 0 ? " of 0 or more" : "")}");
            }
        }
    }
}
