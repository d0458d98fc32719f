using System.Collections.Immutable;

namespace Cascade.Planning.Levels;

/// <summary>The ways of AutoMix (arXiv 2310.12963) to choose the levels that escalate.</summary>
public static class LevelMethods
{
    /// <summary>Rewards that the published decision process tries, 0 up to but without this.</summary>
    public const int PomdpRewards = 5_000;

    private const double SmoothingLevels = 2;

    /// <summary>The sets of levels that a method proposes.</summary>
    /// <param name="table">The levels.</param>
    /// <param name="method">The method.</param>
    /// <returns>Different sets, a flag per level each, the set of none among them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The method is not one of the list.</exception>
    public static ImmutableArray<ImmutableArray<bool>> Propose(LevelTable table, LevelMethod method)
    {
        ArgumentNullException.ThrowIfNull(table);
        var levels = table.Levels;
        return method switch
        {
            LevelMethod.Optimal => Prefixes(levels.Length, ByDescending(levels.Length, i => PerDollar(levels[i])), i => levels[i].Benefit > 0),
            LevelMethod.CompatThreshold => Runs(levels.Length, onlyFromLowest: true),
            LevelMethod.CompatDoubleThreshold => Runs(levels.Length, onlyFromLowest: false),
            LevelMethod.CompatPomdp => Pomdp(levels),
            LevelMethod.CompatGreedy => Greedy(levels),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "give one of the methods"),
        };
    }

    /// <summary>
    /// The proposal with the highest ΔIBC among those that escalate at least <see cref="IncrementalBenefit.MinEscalationRate"/>; without the guard the
    /// published choice goes to whichever proposal escalates next to nothing.
    /// </summary>
    /// <param name="table">The levels.</param>
    /// <param name="method">The method.</param>
    /// <param name="draftCostUsd">Mean cost in dollars of a draft without its verification, which the cheap model alone does not pay.</param>
    /// <returns>The set of levels; null when none counts.</returns>
    public static ImmutableArray<bool>? Published(LevelTable table, LevelMethod method, double draftCostUsd)
    {
        ArgumentNullException.ThrowIfNull(table);
        ImmutableArray<bool>? best = null;
        var bestDelta = double.NegativeInfinity;
        foreach (var proposal in Propose(table, method))
        {
            var (quality, cost, rate) = table.Expect(proposal.AsSpan());
            var delta = rate < IncrementalBenefit.MinEscalationRate
                ? double.NaN
                : IncrementalBenefit.Delta((table.LowQuality, draftCostUsd), (table.HighQuality, table.HighCostUsd), (quality, cost));
            (best, bestDelta) = delta > bestDelta ? (proposal, delta) : (best, bestDelta);
        }

        return best;
    }

    /// <summary>Free escalations come first, however little they gain.</summary>
    private static double PerDollar(ScoreLevel level) => level.HighCostUsd > 0
        ? level.Benefit / level.HighCostUsd
        : level.Benefit * double.PositiveInfinity is var infinite && double.IsNaN(infinite) ? 0 : infinite;

    private static int[] ByDescending(int count, Func<int, double> key) => [.. Enumerable.Range(0, count).OrderByDescending(key)];

    private static ImmutableArray<ImmutableArray<bool>> Prefixes(int count, int[] order, Func<int, bool> mayBeAdded)
    {
        var (sets, flags) = (ImmutableArray.CreateBuilder<ImmutableArray<bool>>(), new bool[count]);
        sets.Add([.. flags]);
        foreach (var level in order.Where(mayBeAdded))
        {
            flags[level] = true;
            sets.Add([.. flags]);
        }

        return sets.ToImmutable();
    }

    private static ImmutableArray<ImmutableArray<bool>> Runs(int count, bool onlyFromLowest)
    {
        var sets = ImmutableArray.CreateBuilder<ImmutableArray<bool>>();
        sets.Add([.. new bool[count]]);
        for (var first = 0; first < (onlyFromLowest ? 1 : count); first++)
        {
            for (var last = first; last < count; last++)
            {
                var (from, to) = (first, last);
                sets.Add([.. Enumerable.Range(0, count).Select(i => i >= from && i <= to)]);
            }
        }

        return sets.ToImmutable();
    }

    /// <summary>
    /// Values over (needy, good, hopeless): keeping −r, 0, −r − 1, escalating −100, −100, −r − 100. A level escalates when its posterior expects more
    /// of that.
    /// </summary>
    private static ImmutableArray<ImmutableArray<bool>> Pomdp(ImmutableArray<ScoreLevel> levels)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var sets = ImmutableArray.CreateBuilder<ImmutableArray<bool>>();
        for (var reward = 0; reward < PomdpRewards; reward++)
        {
            var flags = new bool[levels.Length];
            for (var i = 0; i < flags.Length; i++)
            {
                var level = levels[i];
                var keep = (-(double)reward * level.Needy) - ((reward + 1.0) * level.Hopeless);
                var escalate = (-100.0 * level.Needy) - (100.0 * level.Good) - ((reward + 100.0) * level.Hopeless);
                flags[i] = escalate > keep;
            }

            if (seen.Add(string.Concat(flags.Select(f => f ? '1' : '0'))))
            {
                sets.Add([.. flags]);
            }
        }

        return sets.ToImmutable();
    }

    /// <summary>A Gaussian of two levels' width, cut at four, mirrored at both ends.</summary>
    private static ImmutableArray<ImmutableArray<bool>> Greedy(ImmutableArray<ScoreLevel> levels)
    {
        var n = levels.Length;
        var smooth = new double[n];
        var reach = (int)(4 * SmoothingLevels);
        for (var i = 0; i < n; i++)
        {
            var (sum, total) = (0.0, 0.0);
            for (var offset = -reach; offset <= reach; offset++)
            {
                var mirrored = (((i + offset) % (2 * n)) + (2 * n)) % (2 * n);
                var weight = Math.Exp(-offset * offset / (2 * SmoothingLevels * SmoothingLevels));
                sum += weight * levels[mirrored < n ? mirrored : (2 * n) - 1 - mirrored].Benefit;
                total += weight;
            }

            smooth[i] = sum / total;
        }

        return Prefixes(n, ByDescending(n, i => smooth[i]), _ => true);
    }
}
