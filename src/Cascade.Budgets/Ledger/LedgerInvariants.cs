using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>What holds of every state of a ledger. Checked before and after every command, and by whoever loads or saves a state.</summary>
public static class LedgerInvariants
{
    /// <summary>Checks a state.</summary>
    /// <param name="state">The state.</param>
    /// <returns>Every broken invariant with the values that break it; empty when the state is sound.</returns>
    public static ImmutableArray<string> Check(LedgerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return [.. Windows(state), .. Leases(state), .. Entries(state), .. Totals(state)];
    }

    internal static void Require(LedgerState state, string when, LedgerCommand command)
    {
        var broken = Check(state);
        if (broken.Length > 0)
        {
            throw new LedgerInvariantException(
                $"{when} {command.GetType().Name} '{command.OperationId}': {string.Join("; ", broken)}");
        }
    }

    private static IEnumerable<string> Windows(LedgerState state)
    {
        foreach (var window in state.Windows)
        {
            var name = $"{window.Cap.Window} window in {window.Cap.TimeZone}";
            var committed = LedgerWindows.Committed(state, window);
            if (window.Cap.Hard && committed > window.Cap.Limit + window.Excess)
            {
                yield return $"{name} has {committed} committed over its cap {window.Cap.Limit} and its explained excess {window.Excess}";
            }

            if (window.Settled < Money.Zero || window.Excess < Money.Zero || window.Cap.Limit < Money.Zero)
            {
                yield return $"{name} has a negative amount: settled {window.Settled}, excess {window.Excess}, cap {window.Cap.Limit}";
            }

            if (window.Settled > state.Settled || (window.Cap.Window == WindowKind.Total && window.Settled != state.Settled))
            {
                yield return $"{name} has {window.Settled} settled, the account {state.Settled}";
            }
        }
    }

    private static IEnumerable<string> Leases(LedgerState state)
    {
        foreach (var (id, lease) in state.Leases)
        {
            var entries = state.Unconfirmed.Values.Where(e => e.Epoch == lease.Epoch).Sum(e => e.Upper.Nanos);
            if (lease.Unconfirmed.Nanos != entries)
            {
                yield return $"lease '{id}' counts {lease.Unconfirmed} unconfirmed, its attempts add up to {new Money(entries)}";
            }

            if (id != lease.Id || lease.Epoch < 1 || lease.Epoch >= state.NextEpoch)
            {
                yield return $"lease '{id}' is named '{lease.Id}' and has epoch {lease.Epoch} of {state.NextEpoch}";
            }

            if (lease.Granted < Money.Zero || lease.Settled < Money.Zero || lease.Released < Money.Zero
                || lease.Released > lease.Granted || lease.Requests < 0 || lease.Ended.Values.Any(amount => amount < Money.Zero))
            {
                yield return $"lease '{id}' has impossible totals: {lease}";
            }
        }

        if (state.Leases.Values.DistinctBy(l => l.Epoch).Count() != state.Leases.Count)
        {
            yield return "two leases have the same epoch";
        }

        if (state.Leases.Values.DistinctBy(l => l.Holder).Count() != state.Leases.Count)
        {
            yield return "a holder has two leases";
        }
    }

    private static IEnumerable<string> Entries(LedgerState state) =>
        from pair in state.Unconfirmed
        let entry = pair.Value
        where entry.Lower < Money.Zero || entry.Lower > entry.Upper || entry.Epoch < 1 || entry.Epoch >= state.NextEpoch
        select $"attempt '{pair.Key}' has impossible values: {entry}";

    private static IEnumerable<string> Totals(LedgerState state)
    {
        if (state.Settled < Money.Zero || state.Overrun < Money.Zero || state.Requests < 0 || state.NextEpoch < 1)
        {
            yield return $"a total is out of range: settled {state.Settled}, overrun {state.Overrun}, requests {state.Requests}, "
                + $"next epoch {state.NextEpoch}";
        }
    }
}
