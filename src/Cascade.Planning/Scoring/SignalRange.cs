using Cascade.Planning.Calibration;

namespace Cascade.Planning.Scoring;

/// <summary>
/// Brings a signal to 0 to 1. It is cut to the range it was fitted on first, so that no value beyond it, infinite ones included, is trusted more
/// than the most extreme one that was seen. The logit of a standardised signal is linear in it, so that Platt scaling on it is plain logistic
/// regression.
/// </summary>
/// <param name="Form">How.</param>
/// <param name="Lowest">The lowest finite value of the fit.</param>
/// <param name="Highest">The highest finite value of the fit.</param>
/// <param name="Centre">The mean of the fit; read for standardised signals only.</param>
/// <param name="Spread">The standard deviation of the fit, above 0; read for standardised signals only.</param>
public sealed record SignalRange(SignalForm Form, double Lowest, double Highest, double Centre, double Spread)
{
    /// <summary>A mean log-probability below it is of a long text: its exponential is next to 0 for every answer.</summary>
    private const double LowestMeanLog = -5;

    /// <summary>Brings a value to 0 to 1.</summary>
    /// <param name="signal">The value; may be infinite, not NaN.</param>
    /// <returns>0 to 1, rising with the value.</returns>
    public double Apply(double signal)
    {
        var within = Math.Clamp(signal, Lowest, Highest);
        return Form switch
        {
            SignalForm.Unit => within,
            SignalForm.LogProbability => Math.Exp(within),
            _ => LogisticRegression.Sigmoid((within - Centre) / Spread),
        };
    }

    /// <summary>The forms that suit a signal, the likeliest first. NaN is left out, infinite values are cut to the finite ones.</summary>
    /// <param name="signal">The values.</param>
    /// <returns>The ranges; none when no value is a number.</returns>
    internal static IReadOnlyList<SignalRange> Of(ReadOnlySpan<double> signal)
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
            return known ? [new SignalRange(SignalForm.Unit, 0, 1, 0, 1)] : [];
        }

        if (low >= 0 && high <= 1)
        {
            return [new SignalRange(SignalForm.Unit, low, high, 0, 1)];
        }

        var (mean, deviation) = Moments(signal, low, high);

        // A constant has no spread of its own; any positive one maps it to one value.
        var standardised = new SignalRange(SignalForm.Standardised, low, high, mean, deviation > 0 ? deviation : 1);
        return high <= 0 && mean >= LowestMeanLog
            ? [new SignalRange(SignalForm.LogProbability, low, high, 0, 1), standardised]
            : [standardised];
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
