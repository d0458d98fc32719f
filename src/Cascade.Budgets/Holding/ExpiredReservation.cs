namespace Cascade.Budgets;

/// <summary>A reservation whose deadline passed.</summary>
/// <param name="OperationId">The operation.</param>
/// <param name="Started">Whether its call had started: then it is unconfirmed now, else voided.</param>
/// <param name="Lower">The least it can have cost; zero when it had not started.</param>
/// <param name="Upper">The most it can have cost; zero when it had not started.</param>
public readonly record struct ExpiredReservation(string OperationId, bool Started, Money Lower, Money Upper);
