using System.Collections.Immutable;
using Cascade.Planning.Sweeps;

namespace Cascade.Planning.Levels;

/// <summary>
/// A pair's outcomes by the level of the draft's verification score, as AutoMix sees them (Madaan, Aggarwal et al., arXiv 2310.12963): k sampled
/// verdicts leave k + 1 levels. Immutable.
/// </summary>
public sealed class LevelTable
{
    /// <summary>Most levels; scores with more values are cut into levels of about equal size.</summary>
    public const int MaxLevels = 9;

    private const double HopelessQuantile = 0.1;

    private LevelTable(ImmutableArray<double> boundaries, ImmutableArray<ScoreLevel> levels, in PairRows rows)
    {
        (Boundaries, Levels) = (boundaries, levels);
        LowQuality = Mean(rows.LowQuality);
        LowCostUsd = Mean(rows.LowCostUsd);
        HighQuality = Mean(rows.HighQuality);
        HighCostUsd = Mean(rows.HighCostUsd);
    }

    /// <summary>The scores at which a new level begins, one fewer than there are levels.</summary>
    public ImmutableArray<double> Boundaries { get; }

    /// <summary>The levels from the lowest score.</summary>
    public ImmutableArray<ScoreLevel> Levels { get; }

    /// <summary>Mean quality of the drafts.</summary>
    public double LowQuality { get; }

    /// <summary>Mean cost in dollars of a draft, with its verification.</summary>
    public double LowCostUsd { get; }

    /// <summary>Mean quality of the strong model.</summary>
    public double HighQuality { get; }

    /// <summary>Mean cost in dollars of the strong model.</summary>
    public double HighCostUsd { get; }

    /// <summary>Builds the table; O(n log n).</summary>
    /// <param name="rows">At least one row; the cheap model's cost with the verification.</param>
    /// <returns>The table.</returns>
    /// <exception cref="ArgumentException">A column is not as described by <see cref="PairRows"/>; the message names each.</exception>
    public static LevelTable Of(in PairRows rows)
    {
        rows.Require(nameof(rows));
        var groups = ScoreGroups.Of(rows.Scores);
        var (boundaries, levels) = (new List<double>(), new List<ScoreLevel>());
        var limits = (Low: Quantile(rows.LowQuality), High: Quantile(rows.HighQuality));
        var members = new List<int>();
        var seen = 0L;
        for (var g = 0; g < groups.Count; g++)
        {
            members.AddRange(groups.Rows(g));
            seen += groups.Rows(g).Length;
            var isFull = groups.Count <= MaxLevels || seen * (MaxLevels - 1) >= (levels.Count + 1L) * rows.Count;
            if (isFull || g == groups.Count - 1)
            {
                levels.Add(Level(rows, members, limits.Low, limits.High));
                members.Clear();
                if (g < groups.Count - 1)
                {
                    boundaries.Add(groups.ThresholdAbove(g));
                }
            }
        }

        return new LevelTable([.. boundaries], [.. levels], rows);
    }

    /// <summary>What escalating some levels delivers on the rows of the table.</summary>
    /// <param name="escalates">One flag per level.</param>
    /// <returns>Mean quality, mean cost in dollars and the share of rows that escalate.</returns>
    /// <exception cref="ArgumentException">The number of flags is wrong.</exception>
    public (double Quality, double CostUsd, double EscalationRate) Expect(ReadOnlySpan<bool> escalates)
    {
        if (escalates.Length != Levels.Length)
        {
            throw new ArgumentException($"{escalates.Length} flags for {Levels.Length} levels; give one each", nameof(escalates));
        }

        var (quality, cost, rate) = (LowQuality, LowCostUsd, 0.0);
        for (var i = 0; i < escalates.Length; i++)
        {
            var share = escalates[i] ? Levels[i].Share : 0;
            quality += share * Levels[i].Benefit;
            cost += share * Levels[i].HighCostUsd;
            rate += share;
        }

        return (quality, cost, rate);
    }

    private static ScoreLevel Level(in PairRows rows, List<int> members, double lowLimit, double highLimit)
    {
        var (benefit, cost) = (0.0, 0.0);
        var (needy, good, hopeless) = (0, 0, 0);
        foreach (var row in members)
        {
            var (low, high) = (rows.LowQuality[row], rows.HighQuality[row]);
            benefit += high - low;
            cost += rows.HighCostUsd[row];
            if (low < high)
            {
                needy++;
            }
            else if (low == high && low > 0)
            {
                good++;
            }
            else if (low <= lowLimit && high <= highLimit)
            {
                hopeless++;
            }
        }

        return new ScoreLevel
        {
            Share = members.Count / (double)rows.Count,
            Benefit = benefit / members.Count,
            HighCostUsd = cost / members.Count,
            Needy = needy,
            Good = good,
            Hopeless = hopeless,
        };
    }

    private static double Quantile(ReadOnlySpan<double> column)
    {
        var sorted = column.ToArray();
        Array.Sort(sorted);
        return Scoring.Tokens.TokenUncertainty.Quantile(sorted, HopelessQuantile);
    }

    private static double Mean(ReadOnlySpan<double> column)
    {
        var sum = 0.0;
        foreach (var value in column)
        {
            sum += value;
        }

        return sum / column.Length;
    }
}
