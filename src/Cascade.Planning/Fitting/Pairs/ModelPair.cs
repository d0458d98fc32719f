namespace Cascade.Planning.Fitting;

/// <summary>Two models in order of mean cost.</summary>
/// <param name="Low">Index of the model that drafts.</param>
/// <param name="High">Index of the model that answers again.</param>
public readonly record struct ModelPair(int Low, int High);
