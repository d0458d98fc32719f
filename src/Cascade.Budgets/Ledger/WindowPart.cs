namespace Cascade.Budgets;

/// <summary>A part of what a window has settled that has to be told apart from the rest.</summary>
/// <param name="Bucket">The piece of a rolling window; zero in the others.</param>
/// <param name="Beneficiary">The beneficiary of a floor; empty for all who have none.</param>
/// <param name="Settled">The money.</param>
public readonly record struct WindowPart(long Bucket, string Beneficiary, Money Settled);
