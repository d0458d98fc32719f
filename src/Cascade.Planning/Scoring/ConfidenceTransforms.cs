namespace Cascade.Planning.Scoring;

/// <summary>The formulas of <see cref="ConfidenceTransform"/>.</summary>
public static class ConfidenceTransforms
{
    /// <summary>Transforms a signal.</summary>
    /// <param name="signal">The signal; beyond its scale it counts as the scale's end.</param>
    /// <param name="scale">What the signal is.</param>
    /// <param name="transform">The transform; raw signals take <see cref="ConfidenceTransform.Identity"/> only.</param>
    /// <returns>z, possibly infinite; NaN stays NaN.</returns>
    /// <exception cref="ArgumentException">The scale or the transform is not of the list, or they do not fit.</exception>
    public static double Apply(double signal, SignalScale scale, ConfidenceTransform transform) => (scale, transform) switch
    {
        (SignalScale.Raw or SignalScale.Probability or SignalScale.LogProbability, ConfidenceTransform.Identity) => signal,
        (SignalScale.Probability, ConfidenceTransform.OneSided) => -Math.Log(1 - Math.Clamp(signal, 0, 1)),
        (SignalScale.LogProbability, ConfidenceTransform.OneSided) => -LogOfRest(Math.Min(signal, 0)),
        (SignalScale.Probability, ConfidenceTransform.TwoSided) => TwoSided(Math.Clamp(signal, 0, 1)),
        (SignalScale.LogProbability, ConfidenceTransform.TwoSided) => TwoSidedOfLog(Math.Min(signal, 0)),
        _ => throw new ArgumentException($"{transform} does not fit a signal of the scale {scale}; give Identity for raw signals", nameof(transform)),
    };

    private static double TwoSided(double p) => p >= 0.5 ? -Ln2 - Math.Log(1 - p) : Ln2 + Math.Log(p);

    private static double TwoSidedOfLog(double log) => log >= -Ln2 ? -Ln2 - LogOfRest(log) : Ln2 + log;

    /// <summary>ln(1 − e^l): next to 0 the difference would cancel.</summary>
    private static double LogOfRest(double log) => Math.Log(log > -1e-5 ? -log * (1 + (log / 2)) : 1 - Math.Exp(log));

    private const double Ln2 = 0.69314718055994531;
}
