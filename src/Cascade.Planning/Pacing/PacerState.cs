namespace Cascade.Planning.Pacing;

/// <summary>What a pacer remembers; must survive a restart.</summary>
/// <param name="Price">The shadow price λ, in quality per dollar, at least 0.</param>
public readonly record struct PacerState(double Price);
