using System.Collections.Immutable;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;
using Cascade.Planning.Sweeps;

namespace Cascade.Planning.Fitting;

/// <summary>Sweeps pairs of a context's models over scores of any origin.</summary>
internal static class PairSearch
{
    /// <summary>Every pair in order of cost; the context's models are.</summary>
    public static IEnumerable<(int Low, int High)> Pairs(FitContext context)
    {
        for (var low = 0; low < context.Models.Length; low++)
        {
            for (var high = low + 1; high < context.Models.Length; high++)
            {
                yield return (low, high);
            }
        }
    }

    /// <summary>The curve of a pair; obtaining the score is paid for on every draft.</summary>
    public static PairCurve Sweep(FitContext context, int low, int high, double[] scores) => PairSweep.Exact(new PairRows
    {
        Scores = scores,
        LowQuality = context.Outcomes.Quality(low),
        HighQuality = context.Outcomes.Quality(high),
        LowCostUsd = FitColumns.Sum(context.Outcomes.CostUsd(low), context.Outcomes.JudgeCostUsd(low)),
        HighCostUsd = context.Outcomes.CostUsd(high),
    });

    /// <summary>Adds the thresholds on a curve's hull; the models alone are added once for all pairs.</summary>
    public static void AddHull(OperatingPoints pool, PairCurve curve, int low, int high, int kind, ImmutableArray<ScoreModel?>? scoreModels)
    {
        foreach (var vertex in curve.Frontier().Vertices)
        {
            if (curve.PolicyOf(vertex.Policy) is { Kind: PairPolicyKind.Threshold } policy)
            {
                var candidate = new Candidate(ChainSpec.Pair(low, high, policy.Threshold), 0) { ScoreModels = scoreModels };
                pool.Add(candidate, kind, vertex.CostUsd, vertex.Quality);
            }
        }
    }

    /// <summary>
    /// The area between a curve's hull and the cheap model's quality, up to the strong model's cost: how much the score is worth to the pair.
    /// </summary>
    public static double Worth(PairCurve curve)
    {
        var vertices = curve.Frontier().Vertices;
        var (area, end) = (0.0, curve.DirectHigh.CostUsd);
        for (var i = 0; i < vertices.Length; i++)
        {
            var start = vertices[i];
            var to = i + 1 < vertices.Length ? vertices[i + 1] : start with { CostUsd = Math.Max(end, start.CostUsd) };
            area += (to.CostUsd - start.CostUsd) * (((start.Quality + to.Quality) / 2) - curve.Points[0].Quality);
        }

        return area;
    }

    /// <summary>Score models that score one model alone.</summary>
    public static ImmutableArray<ScoreModel?> Only(int models, int model, ScoreModel score)
    {
        var only = new ScoreModel?[models];
        only[model] = score;
        return [.. only];
    }
}
