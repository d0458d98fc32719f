namespace Cascade.Planning.Fitting;

/// <summary>Small arithmetic on columns that strategies share.</summary>
internal static class FitColumns
{
    /// <summary>A copy with every NaN replaced.</summary>
    public static double[] Filled(ReadOnlySpan<double> column, double value)
    {
        var filled = column.ToArray();
        for (var i = 0; i < filled.Length; i++)
        {
            filled[i] = double.IsNaN(filled[i]) ? value : filled[i];
        }

        return filled;
    }

    public static double Mean(ReadOnlySpan<double> column)
    {
        var sum = 0.0;
        foreach (var value in column)
        {
            sum += value;
        }

        return sum / column.Length;
    }

    public static double[] Sum(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = new double[a.Length];
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = a[i] + b[i];
        }

        return sum;
    }

    public static double[] Difference(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var difference = new double[a.Length];
        for (var i = 0; i < difference.Length; i++)
        {
            difference[i] = a[i] - b[i];
        }

        return difference;
    }

    public static void RequireFit(ICascadeStrategy strategy, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (strategy.Unfit(context) is { } reason)
        {
            throw new ArgumentException($"'{strategy.Name}' cannot be fitted: {reason}", nameof(context));
        }
    }
}
