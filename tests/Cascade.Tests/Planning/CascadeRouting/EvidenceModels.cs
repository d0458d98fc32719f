using System.Collections.Immutable;
using Cascade.Planning.CascadeRouting;
using Cascade.Planning.Decisions;

namespace Cascade.Tests.Planning.CascadeRouting;

/// <summary>Evidence models and profiles written by hand.</summary>
internal static class EvidenceModels
{
    /// <summary>Scores that are estimates themselves: a score moves the estimate of its own model to itself, and no other.</summary>
    internal static EvidenceModel Own(double[] means, double[] deviations)
    {
        var k = means.Length;
        var square = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            square[(i * k) + i] = deviations[i] * deviations[i];
        }

        return EvidenceModel.PriorsOnly(k) with
        {
            PriorIntercept = [.. means],
            PriorSlope = [.. new double[k]],
            ScoreIntercept = [.. means],
            ScoreScale = [.. Enumerable.Repeat(1.0, k)],
            QualityScoreCovariance = [.. square],
            ScoreCovariance = [.. square],
        };
    }

    internal static ImmutableArray<ModelProfile> Profiles(params (double Quality, double CostUsd)[] models) =>
        [.. models.Select((m, i) => new ModelProfile { Name = $"m{i}", Quality = m.Quality, CostUsd = m.CostUsd })];

    /// <summary>A joint model of k models whose qualities and scores share three causes.</summary>
    internal static EvidenceModel Correlated(int k, int seed)
    {
        var random = new Random(seed);
        double[] Loads() => [.. Enumerable.Range(0, 3).Select(_ => (random.NextDouble() * 0.3) - 0.05)];
        var quality = Enumerable.Range(0, k).Select(_ => Loads()).ToArray();
        var score = Enumerable.Range(0, k).Select(i => quality[i].Select(l => (l * 3) + (random.NextDouble() * 0.2)).ToArray()).ToArray();
        var (cross, among) = (new double[k * k], new double[k * k]);
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                cross[(i * k) + j] = quality[i].Zip(score[j], (a, b) => a * b).Sum() + (i == j ? 0.15 : 0);
                among[(i * k) + j] = score[i].Zip(score[j], (a, b) => a * b).Sum() + (i == j ? 0.6 : 0);
            }
        }

        return EvidenceModel.PriorsOnly(k) with
        {
            ScoreIntercept = [.. Enumerable.Repeat(0.5, k)],
            ScoreScale = [.. Enumerable.Repeat(0.25, k)],
            QualityScoreCovariance = [.. cross],
            ScoreCovariance = [.. among],
        };
    }
}
