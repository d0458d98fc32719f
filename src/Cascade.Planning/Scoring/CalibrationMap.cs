using System.Text.Json.Serialization;

namespace Cascade.Planning.Scoring;

/// <summary>A fitted calibration as data: maps a score of 0 to 1 to P(answer is right). A plan document holds it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$kind")]
[JsonDerivedType(typeof(IdentityMap), "identity")]
[JsonDerivedType(typeof(PlattMap), "platt")]
[JsonDerivedType(typeof(BetaMap), "beta")]
[JsonDerivedType(typeof(BinMap), "bins")]
[JsonDerivedType(typeof(StepMap), "steps")]
public abstract record CalibrationMap
{
    /// <summary>Calibrates a score.</summary>
    /// <param name="score">The score, 0 to 1; not NaN.</param>
    /// <returns>P(answer is right), 0 to 1.</returns>
    public abstract double Apply(double score);
}
