using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Plans;

namespace Cascade.Planning.Evaluation;

/// <summary>Runs a chain over all rows, stage by stage; only the rows that go on are touched again.</summary>
internal static class ChainColumns
{
    public static PolicyResult Run(ChainSpec chain, ImmutableArray<ModelProfile> models, Func<int, bool> readsScoreOf, Evidence evidence)
    {
        var n = evidence.Table.RowCount;
        var result = new PolicyResult(new double[n], new double[n], new int[n], new int[n]);
        var rows = new int[n];
        for (var i = 0; i < n; i++)
        {
            rows[i] = i;
        }

        var left = n;
        for (var stage = 0; stage < chain.Models.Length && left > 0; stage++)
        {
            var model = chain.Models[stage];
            Call(evidence, model, readsScoreOf(model), rows.AsSpan(0, left), result);
            left = Judge(chain, stage, models[model].Quality, readsScoreOf(model), evidence, rows.AsSpan(0, left), result);
        }

        return result;
    }

    private static void Call(Evidence evidence, int model, bool judged, ReadOnlySpan<int> rows, PolicyResult result)
    {
        var cost = evidence.Table.CostUsd(model);
        var judgeCost = evidence.Table.JudgeCostUsd(model);
        var quality = evidence.Table.Quality(model);
        foreach (var row in rows)
        {
            if (double.IsNaN(quality[row]) || double.IsNaN(cost[row]))
            {
                throw PolicyEvaluator.NoOutcome(evidence.Table, model, row);
            }

            result.Calls[row]++;
            result.CostUsd[row] += cost[row] + (judged ? judgeCost[row] : 0);
        }
    }

    /// <summary>Accepts or abstains where the stage says so; moves the rows that go on to the front.</summary>
    /// <returns>How many go on.</returns>
    private static int Judge(
        ChainSpec chain, int stage, double meanQuality, bool judged, Evidence evidence, Span<int> rows, PolicyResult result)
    {
        var model = chain.Models[stage];
        var quality = evidence.Table.Quality(model);
        var scores = evidence.Scores.Column(model);
        var abstainAtMost = chain.AbstainAtMost.IsEmpty ? double.NaN : chain.AbstainAtMost[stage];
        var threshold = stage == chain.Models.Length - 1 ? double.NaN : chain.Thresholds[stage];
        var left = 0;
        foreach (var row in rows)
        {
            var score = judged && !double.IsNaN(scores[row]) ? scores[row] : meanQuality;
            if (score <= abstainAtMost)
            {
                result.FinalModel[row] = -1;
            }
            else if (score < threshold)
            {
                rows[left++] = row;
            }
            else
            {
                result.FinalModel[row] = model;
                result.Quality[row] = quality[row];
            }
        }

        return left;
    }
}
