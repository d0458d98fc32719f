using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>What a command led to.</summary>
/// <param name="Next">The state after it; the very same object when the command had no effect.</param>
/// <param name="Result">The answer.</param>
public sealed record LedgerOutcome(LedgerState Next, LedgerResult Result)
{
    /// <summary>
    /// What the step from the state before to <see cref="Next"/> changed, in order. When several commands are carried out before one
    /// write, their entries are appended one after the other.
    /// </summary>
    public ImmutableArray<LedgerEntry> Entries { get; init; } = [];
}
