namespace Cascade.Budgets;

/// <summary>
/// Money under a hard cap that only one beneficiary can be leased, until it has spent as much in the window. What it spends beyond comes
/// from what all share. A beneficiary that never comes keeps its floor all the same.
/// </summary>
/// <param name="Beneficiary">Who is sure of the money.</param>
/// <param name="Amount">How much, above zero.</param>
public readonly record struct CapFloor(string Beneficiary, Money Amount);
