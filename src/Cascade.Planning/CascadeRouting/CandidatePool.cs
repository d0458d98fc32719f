using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.CascadeRouting;

/// <summary>Which models are worth considering, in order of mean cost.</summary>
internal static class CandidatePool
{
    /// <summary>Models that no other beats in mean cost without losing mean quality; thinned evenly when there are more than wanted.</summary>
    public static int[] NonDominated(ImmutableArray<ModelProfile> models, int most)
    {
        var pareto = CostFrontier.Pareto(Points(models));
        int[] all = [.. pareto.Select(p => p.Policy)];
        return all.Length <= most
            ? all
            : [.. Enumerable.Range(0, most).Select(i => all[(int)((long)i * (all.Length - 1) / Math.Max(1, most - 1))]).Distinct()];
    }

    /// <summary>
    /// The non-dominated models, then those that lose least against the hull at their own cost: a model that is worse on average may still be the
    /// best on some queries.
    /// </summary>
    public static int[] Nearest(ImmutableArray<ModelProfile> models, int most)
    {
        var hull = CostFrontier.Of(Points(models));
        var first = NonDominated(models, most).ToHashSet();
        var rest = Enumerable.Range(0, models.Length)
            .Where(m => !first.Contains(m))
            .OrderBy(m => hull.AtBudget(models[m].CostUsd).Quality - models[m].Quality)
            .Take(Math.Max(0, most - first.Count));
        return [.. first.Concat(rest).OrderBy(m => models[m].CostUsd).ThenBy(m => m)];
    }

    private static FrontierPoint[] Points(ImmutableArray<ModelProfile> models) =>
        [.. models.Select((m, i) => new FrontierPoint(m.CostUsd, m.Quality, i))];
}
