namespace Cascade.Planning.Scoring;

/// <summary>The score is a probability as it is.</summary>
public sealed record IdentityMap : CalibrationMap
{
    /// <inheritdoc />
    public override double Apply(double score) => Math.Clamp(score, 0, 1);
}
