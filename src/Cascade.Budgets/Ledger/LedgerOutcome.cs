namespace Cascade.Budgets;

/// <summary>What a command led to.</summary>
/// <param name="Next">The state after it; the very same object when the command had no effect.</param>
/// <param name="Result">The answer.</param>
public sealed record LedgerOutcome(LedgerState Next, LedgerResult Result);
