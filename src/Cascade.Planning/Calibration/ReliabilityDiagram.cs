namespace Cascade.Planning.Calibration;

/// <summary>What scores promise against what came true, bin by bin.</summary>
public static class ReliabilityDiagram
{
    /// <summary>Most bins that can be asked for.</summary>
    public const int MaxBins = 10_000;

    /// <summary>Computes the bins; O(n) for equal width, O(n log n) for equal mass.</summary>
    /// <param name="scores">One score per row, 0 to 1.</param>
    /// <param name="outcomes">One outcome per row, 0 (wrong) to 1 (right).</param>
    /// <param name="bins">Number of bins, 1 to <see cref="MaxBins"/>; 10 is usual.</param>
    /// <param name="binning">How scores are put into bins.</param>
    /// <returns>The bins in order of score.</returns>
    /// <exception cref="ArgumentException">A column, the number of bins or the binning is not as described.</exception>
    public static ReliabilityBin[] Of(ReadOnlySpan<double> scores, ReadOnlySpan<double> outcomes, int bins, Binning binning)
    {
        if (bins is < 1 or > MaxBins)
        {
            throw new ArgumentOutOfRangeException(nameof(bins), bins, $"give 1 to {MaxBins} bins");
        }

        var check = new ColumnCheck(scores.Length);
        check.Unit(scores, nameof(scores));
        check.Unit(outcomes, nameof(outcomes));
        check.Throw(nameof(scores));
        return binning switch
        {
            Binning.EqualWidth => EqualWidth(scores, outcomes, bins),
            Binning.EqualMass => EqualMass(scores, outcomes, bins),
            _ => throw new ArgumentOutOfRangeException(nameof(binning), binning, "give EqualWidth or EqualMass"),
        };
    }

    internal static int IndexOf(double score, int bins)
    {
        var i = Math.Clamp((int)Math.Ceiling(score * bins) - 1, 0, bins - 1);
        // The product rounds; the edges themselves decide.
        i = i > 0 && score <= i / (double)bins ? i - 1 : i;
        return i < bins - 1 && score > (i + 1) / (double)bins ? i + 1 : i;
    }

    private static ReliabilityBin[] EqualWidth(ReadOnlySpan<double> scores, ReadOnlySpan<double> outcomes, int bins)
    {
        var sums = new (int Count, double Score, double Outcome)[bins];
        for (var i = 0; i < scores.Length; i++)
        {
            ref var sum = ref sums[IndexOf(scores[i], bins)];
            sum = (sum.Count + 1, sum.Score + scores[i], sum.Outcome + outcomes[i]);
        }

        var result = new ReliabilityBin[bins];
        for (var b = 0; b < bins; b++)
        {
            result[b] = Bin(b / (double)bins, (b + 1) / (double)bins, sums[b]);
        }

        return result;
    }

    private static ReliabilityBin[] EqualMass(ReadOnlySpan<double> scores, ReadOnlySpan<double> outcomes, int bins)
    {
        var groups = ScoreGroups.Of(scores);
        var result = new List<ReliabilityBin>(bins);
        (int Count, double Score, double Outcome) sum = default;
        var (first, seen) = (0, 0L);
        for (var g = 0; g < groups.Count; g++)
        {
            foreach (var row in groups.Rows(g))
            {
                sum = (sum.Count + 1, sum.Score + scores[row], sum.Outcome + outcomes[row]);
            }

            seen += groups.Rows(g).Length;
            if (seen * bins >= (result.Count + 1L) * scores.Length || g == groups.Count - 1)
            {
                result.Add(Bin(groups.Scores[first], groups.Scores[g], sum));
                (sum, first) = (default, g + 1);
            }
        }

        return [.. result];
    }

    private static ReliabilityBin Bin(double low, double high, (int Count, double Score, double Outcome) sum) => new()
    {
        Low = low,
        High = high,
        Count = sum.Count,
        MeanScore = sum.Count == 0 ? double.NaN : sum.Score / sum.Count,
        MeanOutcome = sum.Count == 0 ? double.NaN : sum.Outcome / sum.Count,
    };
}
