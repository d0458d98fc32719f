using System.Collections.Immutable;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Scoring;

/// <summary>
/// Turns signals into numbers that a linear rule can learn from: spread out by the two-sided transform where they are probabilities, centred, scaled
/// and cut at four standard deviations, each with its square and a mark where it is missing.
/// </summary>
public sealed record SignalFeatures
{
    /// <summary>How many numbers one signal gives.</summary>
    internal const int PerSignal = 3;

    private const double Cut = 4;

    /// <summary>The names of the signals.</summary>
    public required ImmutableArray<string> Signals { get; init; }

    /// <summary>What each signal's numbers are.</summary>
    public required ImmutableArray<SignalScale> Scales { get; init; }

    /// <summary>The lowest finite value of each transformed signal.</summary>
    public required ImmutableArray<double> Lows { get; init; }

    /// <summary>The highest finite value of each transformed signal.</summary>
    public required ImmutableArray<double> Highs { get; init; }

    /// <summary>The mean of each transformed signal.</summary>
    public required ImmutableArray<double> Means { get; init; }

    /// <summary>The standard deviation of each transformed signal, above 0.</summary>
    public required ImmutableArray<double> Deviations { get; init; }

    internal int Count => Signals.Length * PerSignal;

    /// <summary>Takes every signal of a model that differs between rows, and the lengths where they are known.</summary>
    internal static SignalFeatures Of(OutcomeTable table, int model)
    {
        var names = table.Signals.Concat([ScoreMatrix.InputTokens, ScoreMatrix.OutputTokens]).Distinct(StringComparer.Ordinal);
        var kept = new List<(string Name, SignalScale Scale, double Low, double High, double Mean, double Deviation)>();
        foreach (var name in names)
        {
            var column = ScoreMatrix.Source(table, model, name);
            var scale = TransformedScore.ScaleOf(column);
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            foreach (var value in column)
            {
                var z = Transform(value, scale);
                (low, high) = double.IsFinite(z) ? (Math.Min(low, z), Math.Max(high, z)) : (low, high);
            }

            var (mean, deviation) = low < high ? Moments(column, scale, low, high) : (0, 0);
            if (deviation > 0)
            {
                kept.Add((name, scale, low, high, mean, deviation));
            }
        }

        return new SignalFeatures
        {
            Signals = [.. kept.Select(k => k.Name)],
            Scales = [.. kept.Select(k => k.Scale)],
            Lows = [.. kept.Select(k => k.Low)],
            Highs = [.. kept.Select(k => k.High)],
            Means = [.. kept.Select(k => k.Mean)],
            Deviations = [.. kept.Select(k => k.Deviation)],
        };
    }

    /// <summary>Writes the numbers of one answer; NaN signals count as average and are marked.</summary>
    internal void Write(ReadOnlySpan<double> signals, Span<double> features)
    {
        for (var i = 0; i < Signals.Length; i++)
        {
            var z = Transform(signals[i], Scales[i]);
            var isMissing = double.IsNaN(z);
            var x = isMissing ? 0 : Math.Clamp((Math.Clamp(z, Lows[i], Highs[i]) - Means[i]) / Deviations[i], -Cut, Cut);
            features[PerSignal * i] = x;
            features[(PerSignal * i) + 1] = isMissing ? 0 : (x * x) - 1;
            features[(PerSignal * i) + 2] = isMissing ? 1 : 0;
        }
    }

    private static double Transform(double value, SignalScale scale) =>
        ConfidenceTransforms.Apply(value, scale, scale == SignalScale.Raw ? ConfidenceTransform.Identity : ConfidenceTransform.TwoSided);

    private static (double Mean, double Deviation) Moments(ReadOnlySpan<double> column, SignalScale scale, double low, double high)
    {
        var (mean, squares, count) = (0.0, 0.0, 0);
        foreach (var value in column)
        {
            var z = Transform(value, scale);
            if (!double.IsNaN(z))
            {
                var x = Math.Clamp(z, low, high);
                var change = x - mean;
                mean += change / ++count;
                squares += change * (x - mean);
            }
        }

        return (mean, Math.Sqrt(squares / count));
    }
}
