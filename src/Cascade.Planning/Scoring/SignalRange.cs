using Cascade.Planning.Calibration;

namespace Cascade.Planning.Scoring;

/// <summary>
/// Brings a signal to 0 to 1. It is cut to the range it was fitted on first, so that no value beyond it, infinite ones included, is trusted more
/// than the most extreme one that was seen. A signal of 0 to 1 stays as it is; any other becomes σ((x − centre) / spread), whose logit is
/// linear in x, so that Platt scaling on it is plain logistic regression.
/// </summary>
/// <param name="Lowest">The lowest finite value of the fit.</param>
/// <param name="Highest">The highest finite value of the fit.</param>
/// <param name="Centre">The mean of the fit; not read when <paramref name="Spread"/> is 0.</param>
/// <param name="Spread">The standard deviation of the fit; 0 for signals of 0 to 1, which stay as they are.</param>
public sealed record SignalRange(double Lowest, double Highest, double Centre, double Spread)
{
    /// <summary>Whether the signal is 0 to 1 by itself.</summary>
    public bool IsUnit => Spread == 0;

    /// <summary>Scales a value.</summary>
    /// <param name="signal">The value; may be infinite, not NaN.</param>
    /// <returns>0 to 1, rising with the value.</returns>
    public double Apply(double signal)
    {
        var within = Math.Clamp(signal, Lowest, Highest);
        return IsUnit ? within : LogisticRegression.Sigmoid((within - Centre) / Spread);
    }

    /// <summary>Fits; NaN is left out, infinite values are cut to the finite ones.</summary>
    /// <param name="signal">The values.</param>
    /// <returns>The scale; null when no value is a number.</returns>
    internal static SignalRange? Of(ReadOnlySpan<double> signal)
    {
        var (low, high, known) = (double.PositiveInfinity, double.NegativeInfinity, false);
        foreach (var x in signal)
        {
            known |= !double.IsNaN(x);
            if (double.IsFinite(x))
            {
                (low, high) = (Math.Min(low, x), Math.Max(high, x));
            }
        }

        if (low > high)
        {
            return known ? new SignalRange(0, 1, 0, 0) : null;
        }

        if (low >= 0 && high <= 1)
        {
            return new SignalRange(low, high, 0, 0);
        }

        var (centre, spread) = Moments(signal, low, high);

        // A constant has no spread of its own; any positive one maps it to one value.
        return new SignalRange(low, high, centre, spread > 0 ? spread : 1);
    }

    private static (double Mean, double Deviation) Moments(ReadOnlySpan<double> signal, double low, double high)
    {
        var (mean, squares, count) = (0.0, 0.0, 0);
        var scale = Math.Max(Math.Abs(low), Math.Abs(high));
        foreach (var x in signal)
        {
            if (!double.IsNaN(x))
            {
                // Signals may be as large as 1e100, whose squares are no doubles.
                var scaled = Math.Clamp(x, low, high) / scale;
                count++;
                var change = scaled - mean;
                mean += change / count;
                squares += change * (scaled - mean);
            }
        }

        return (mean * scale, Math.Sqrt(squares / count) * scale);
    }
}
