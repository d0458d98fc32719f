using Cascade.Planning.Calibration;

namespace Cascade.Planning.Selection;

/// <summary>The one-sided paired t-test, and Holm's correction (Scandinavian Journal of Statistics 6, 1979).</summary>
internal static class PairedTest
{
    /// <summary>Mean difference, its standard error, and the p-value of "the mean is not above 0".</summary>
    public static (double Mean, double StandardError, double PValue) Of(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var (mean, squares) = (0.0, 0.0);
        for (var i = 0; i < one.Length; i++)
        {
            var difference = one[i] - other[i];
            var change = difference - mean;
            mean += change / (i + 1);
            squares += change * (difference - mean);
        }

        var freedom = one.Length - 1;
        var error = freedom > 0 ? Math.Sqrt(squares / freedom / one.Length) : double.NaN;
        return (mean, error, PValue(mean, error, freedom));
    }

    /// <summary>P-values made larger so that the chance of one false finding among all is the level; in the order given.</summary>
    public static double[] Holm(double[] pValues)
    {
        var order = Enumerable.Range(0, pValues.Length).OrderBy(i => pValues[i]).ToArray();
        var adjusted = new double[pValues.Length];
        var highest = 0.0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            highest = Math.Max(highest, Math.Min(1, (order.Length - rank) * pValues[order[rank]]));
            adjusted[order[rank]] = highest;
        }

        return adjusted;
    }

    /// <summary>Student's upper tail: P(T > t) = I_{ν/(ν+t²)}(ν/2, 1/2) / 2 for t above 0.</summary>
    private static double PValue(double mean, double error, int freedom)
    {
        if (!(error > 0))
        {
            return mean > 0 && error == 0 ? 0 : 1;
        }

        var t = mean / error;
        var tail = SpecialFunctions.RegularizedBeta(freedom / (freedom + (t * t)), freedom / 2.0, 0.5) / 2;
        return t > 0 ? tail : 1 - tail;
    }
}
