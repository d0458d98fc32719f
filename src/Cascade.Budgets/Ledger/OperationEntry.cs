namespace Cascade.Budgets;

/// <summary>A command that was carried out or refused for good.</summary>
/// <param name="OperationId">The command's operation id.</param>
/// <param name="Fingerprint">What tells the command's content from another's.</param>
/// <param name="Result">The first outcome, which every repetition is answered with.</param>
public sealed record OperationEntry(string OperationId, string Fingerprint, LedgerResult Result);
