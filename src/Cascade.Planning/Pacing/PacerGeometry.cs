namespace Cascade.Planning.Pacing;

/// <summary>How a step moves the price: the mirror map of dual mirror descent.</summary>
public enum PacerGeometry
{
    /// <summary>Not a geometry.</summary>
    None = 0,

    /// <summary>λ ← max(0, λ − step). Reaches 0, and its step has to fit the size of the price.</summary>
    Euclidean = 1,

    /// <summary>λ ← λ·exp(−step). Free of scale, for a price that is known to within a factor; never reaches 0 and is slow from far below.</summary>
    Entropic = 2,
}
