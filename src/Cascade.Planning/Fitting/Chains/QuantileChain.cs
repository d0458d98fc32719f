using Cascade.Planning.Plans;

namespace Cascade.Planning.Fitting;

/// <summary>
/// A chain every stage of which sends on the same share of the scores of its model. Best at no price on the fit rows, but spread evenly over the
/// whole range of costs, where the thresholds that are best on few rows leave gaps that other rows would fill.
/// </summary>
internal static class QuantileChain
{
    public static void AddTo(CandidatePool candidates, StagePool pool, int[] chain, int count)
    {
        if (chain.Length < 2)
        {
            return;
        }

        var goesOn = new bool[chain.Length - 1][];
        var steps = Math.Min(count, pool.RowCount);
        for (var q = 1; q <= steps; q++)
        {
            var thresholds = new double[chain.Length - 1];
            for (var stage = 0; stage < thresholds.Length; stage++)
            {
                var groups = pool.Groups(chain[stage]);
                var lowest = (int)((long)q * groups.Count / (steps + 1));
                thresholds[stage] = groups.ThresholdOverLowest(lowest);
                goesOn[stage] = new bool[pool.RowCount];
                foreach (var row in groups.RowsOfLowest(lowest))
                {
                    goesOn[stage][row] = true;
                }
            }

            if (Array.TrueForAll(thresholds, double.IsFinite))
            {
                var (cost, quality) = Run(pool, chain, goesOn);
                candidates.Add(cost, quality, new ChainSpec { Models = [.. chain], Thresholds = [.. thresholds] });
            }
        }
    }

    private static (double CostUsd, double Quality) Run(StagePool pool, int[] chain, bool[][] goesOn)
    {
        var (cost, quality) = (0.0, 0.0);
        for (var row = 0; row < pool.RowCount; row++)
        {
            var stage = 0;
            for (; stage < goesOn.Length && goesOn[stage][row]; stage++)
            {
                cost += pool.JudgedCostUsd(chain[stage])[row];
            }

            cost += (stage < goesOn.Length ? pool.JudgedCostUsd(chain[stage]) : pool.CostUsd(chain[stage]))[row];
            quality += pool.Quality(chain[stage])[row];
        }

        return (cost / pool.RowCount, quality / pool.RowCount);
    }
}
