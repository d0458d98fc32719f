namespace Cascade.Planning.Outcomes;

/// <summary>Means over columns in which NaN is "not recorded".</summary>
internal static class RecordedMean
{
    /// <summary>The mean of what was recorded; NaN when nothing was.</summary>
    public static double Of(ReadOnlySpan<double> column)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in column)
        {
            if (!double.IsNaN(value))
            {
                sum += value;
                count++;
            }
        }

        return count == 0 ? double.NaN : sum / count;
    }
}
