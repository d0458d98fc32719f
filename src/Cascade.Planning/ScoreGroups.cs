namespace Cascade.Planning;

/// <summary>Rows in order of score, rows of equal score together.</summary>
internal sealed class ScoreGroups
{
    private readonly int[] _order;
    private readonly int[] _ends;
    private readonly double[] _scores;

    private ScoreGroups(int[] order, int[] ends, double[] scores)
    {
        (_order, _ends, _scores) = (order, ends, scores);
    }

    public int Count => _scores.Length;

    public ReadOnlySpan<double> Scores => _scores;

    public static ScoreGroups Of(ReadOnlySpan<double> scores)
    {
        var sorted = scores.ToArray();
        var order = new int[sorted.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(sorted, order);
        var ends = new int[sorted.Length];
        var count = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i > 0 && sorted[i] == sorted[count - 1])
            {
                ends[count - 1] = i + 1;
                continue;
            }

            sorted[count] = sorted[i];
            ends[count++] = i + 1;
        }

        return new ScoreGroups(order, ends[..count], sorted[..count]);
    }

    public ReadOnlySpan<int> Rows(int group) => _order.AsSpan(Start(group).._ends[group]);

    /// <summary>The rows of the lowest groups, so many of them.</summary>
    public ReadOnlySpan<int> RowsOfLowest(int groups) => _order.AsSpan(0, groups == 0 ? 0 : _ends[groups - 1]);

    /// <summary>The threshold below which the lowest groups lie, so many of them: −∞ for none, +∞ for all.</summary>
    public double ThresholdOverLowest(int groups) => groups == 0 ? double.NegativeInfinity : ThresholdAbove(groups - 1);

    /// <summary>A number above the group's score and not above the next group's; infinite for the last group.</summary>
    public double ThresholdAbove(int group)
    {
        if (group == Count - 1)
        {
            return double.PositiveInfinity;
        }

        // Between neighbouring doubles the middle rounds to one of them; only the upper one still tells them apart.
        var middle = (_scores[group] * 0.5) + (_scores[group + 1] * 0.5);
        return middle > _scores[group] ? middle : _scores[group + 1];
    }

    public double[] Means(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, out double[] totals)
    {
        var means = new double[Count];
        totals = new double[Count];
        for (var g = 0; g < means.Length; g++)
        {
            foreach (var row in Rows(g))
            {
                var weight = weights.IsEmpty ? 1 : weights[row];
                totals[g] += weight;
                means[g] += (values[row] - means[g]) * (weight / totals[g]);
            }
        }

        return means;
    }

    private int Start(int group) => group == 0 ? 0 : _ends[group - 1];
}
