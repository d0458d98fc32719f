using Cascade.Cli.Fitting;
using Cascade.Planning.Fitting;

namespace Cascade.Cli.Outcomes;

/// <summary>Takes few of many models, by what the rows to fit on say of them.</summary>
internal static class ModelSelection
{
    public static LoadedOutcomes AtMost(LoadedOutcomes outcomes, int most)
    {
        if (outcomes.Table.ModelCount <= most)
        {
            return outcomes;
        }

        var parts = FitWork.Divide(outcomes);
        int[] kept = [.. ModelShortlist.Of(parts.Fit, most).Select(m => parts.Models[m]).Order()];
        var left = Enumerable.Range(0, outcomes.Table.ModelCount).Except(kept).Select(m => outcomes.Table.Models[m]);
        return outcomes with
        {
            Table = outcomes.Table.Select(kept, [.. Enumerable.Range(0, outcomes.Table.RowCount)]),
            Notes =
            [
                .. outcomes.Notes,
                $"Of {outcomes.Table.ModelCount} models, the {kept.Length} are taken that no cheaper one outdoes on the queries to fit on, thinned out or filled up from "
                    + $"the next best; left out are {string.Join(", ", left)}",
            ],
        };
    }
}
