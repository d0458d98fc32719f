using Cascade.Planning.Fitting;
using Cascade.Planning.Frontier;
using Cascade.Planning.Plans;
using Cascade.Planning.Sweeps;

namespace Cascade.Tests.Evaluation;

/// <summary>Every pair of models with every threshold: a strategy for tests that needs nothing but the sweep.</summary>
internal sealed class AllPairs(string name = "all-pairs") : ICascadeStrategy
{
    public string Name => name;

    public int Complexity => 1;

    public string? Unfit(FitContext context) => context.ScoreModels.Any(s => s is not null) ? null : "no model's answers are scored; record a signal";

    public FittedStrategy Fit(FitContext context)
    {
        var points = new List<FrontierPoint>();
        var policies = new List<PolicySpec>();
        for (var low = 0; low < context.Models.Length; low++)
        {
            points.Add(new FrontierPoint(context.Models[low].CostUsd, context.Models[low].Quality, policies.Count));
            policies.Add(ChainSpec.Direct(low));
            for (var high = low + 1; high < context.Models.Length && context.ScoreModels[low] is not null; high++)
            {
                var curve = PairSweep.Exact(new PairRows
                {
                    Scores = context.Scores.Column(low),
                    LowQuality = context.Outcomes.Quality(low),
                    HighQuality = context.Outcomes.Quality(high),
                    LowCostUsd = context.Outcomes.CostUsd(low),
                    HighCostUsd = context.Outcomes.CostUsd(high),
                });
                foreach (var vertex in curve.Frontier().Vertices)
                {
                    points.Add(vertex with { Policy = policies.Count });
                    policies.Add(SpecOf(curve.PolicyOf(vertex.Policy), low, high));
                }
            }
        }

        return new FittedStrategy
        {
            Strategy = Name,
            Candidates = [.. CostFrontier.Of(points.ToArray()).Vertices.Select(v => new Candidate(policies[v.Policy], 0))],
            ScoreModels = context.ScoreModels,
        };
    }

    private static ChainSpec SpecOf(PairPolicy policy, int low, int high) => policy.Kind switch
    {
        PairPolicyKind.DirectLow => ChainSpec.Direct(low),
        PairPolicyKind.DirectHigh => ChainSpec.Direct(high),
        _ => ChainSpec.Pair(low, high, policy.Threshold),
    };
}
