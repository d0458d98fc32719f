using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>What holds of every state of a ledger. Checked of every state that comes in and of every one that goes out.</summary>
public static class LedgerInvariants
{
    /// <summary>Checks a state. One that a ledger made is known to be sound and not checked again.</summary>
    /// <param name="state">The state.</param>
    /// <returns>Every broken invariant with the values that break it; empty when the state is sound.</returns>
    public static ImmutableArray<string> Check(LedgerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.IsSound)
        {
            return [];
        }

        var broken = new List<string>();
        CheckLeases(state, broken);
        CheckEntries(state, broken);
        CheckWindows(state, broken);
        CheckTotals(state, broken);
        state.IsSound = broken.Count == 0;
        return [.. broken];
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

    private static void CheckWindows(LedgerState state, List<string> broken)
    {
        var open = LedgerWindows.Open(state);
        foreach (var window in state.Windows)
        {
            var committed = window.Settled + LedgerWindows.Held(state, window) + open;
            if (window.Cap.Hard && committed > window.Limit + window.Excess)
            {
                broken.Add($"{window.Cap.Key} has {committed} committed over its limit {window.Limit} and its explained excess {window.Excess}");
            }

            if (window.Settled < Money.Zero || window.Excess < Money.Zero || window.Cap.Limit < Money.Zero || window.WouldRefuse < 0)
            {
                broken.Add($"{window.Cap.Key} has a negative amount: settled {window.Settled}, excess {window.Excess}, cap {window.Cap.Limit}");
            }

            if (window.Settled > state.Settled || (window.Cap.Window == WindowKind.Total && window.Settled != state.Settled))
            {
                broken.Add($"{window.Cap.Key} has {window.Settled} settled, the account {state.Settled}");
            }

            CheckParts(window, broken);
        }
    }

    private static void CheckParts(WindowState window, List<string> broken)
    {
        var sum = Money.Zero;
        var last = long.MinValue;
        foreach (var part in window.Parts)
        {
            sum += part.Settled;
            if (part.Settled < Money.Zero || part.Bucket < last)
            {
                broken.Add($"{window.Cap.Key} has {part.Settled} in piece {part.Bucket} after piece {last}");
            }

            last = part.Bucket;
        }

        if (sum > window.Settled || (window.Cap.Window == WindowKind.Rolling && sum != window.Settled))
        {
            broken.Add($"{window.Cap.Key} has {window.Settled} settled, its parts add up to {sum}");
        }
    }

    private static void CheckLeases(LedgerState state, List<string> broken)
    {
        var epochs = new HashSet<long>();
        var holders = new HashSet<(string, string)>();
        foreach (var (id, lease) in state.Leases)
        {
            var entries = state.Unconfirmed.IsEmpty ? lease : Bookkeeping.Recount(state, lease);
            if (lease.Unconfirmed != (state.Unconfirmed.IsEmpty ? Money.Zero : entries.Unconfirmed))
            {
                broken.Add($"lease '{id}' counts {lease.Unconfirmed} unconfirmed, its attempts do not add up to that");
            }

            if (id != lease.Id || lease.Epoch < 1 || lease.Epoch >= state.NextEpoch)
            {
                broken.Add($"lease '{id}' is named '{lease.Id}' and has epoch {lease.Epoch} of {state.NextEpoch}");
            }

            if (lease.Granted < Money.Zero || lease.Settled < Money.Zero || lease.Released < Money.Zero || lease.Exposure < Money.Zero
                || lease.Released > lease.Granted || lease.Requests < 0
                || (!lease.Ended.IsEmpty && lease.Ended.Values.Any(amount => amount < Money.Zero)))
            {
                broken.Add($"lease '{id}' has impossible totals: {lease}");
            }

            if (!epochs.Add(lease.Epoch))
            {
                broken.Add($"two leases have epoch {lease.Epoch}");
            }

            if (!holders.Add((lease.Holder, lease.Beneficiary)))
            {
                broken.Add($"holder '{lease.Holder}' has two leases for '{lease.Beneficiary}'");
            }
        }
    }

    private static void CheckEntries(LedgerState state, List<string> broken)
    {
        foreach (var (attemptId, entry) in state.Unconfirmed)
        {
            if (entry.Lower < Money.Zero || entry.Lower > entry.Upper || entry.Epoch < 1 || entry.Epoch >= state.NextEpoch)
            {
                broken.Add($"attempt '{attemptId}' has impossible values: {entry}");
            }
        }
    }

    private static void CheckTotals(LedgerState state, List<string> broken)
    {
        if (state.Settled < Money.Zero || state.Overrun < Money.Zero || state.Requests < 0 || state.NextEpoch < 1)
        {
            broken.Add($"a total is out of range: settled {state.Settled}, overrun {state.Overrun}, requests {state.Requests}, "
                + $"next epoch {state.NextEpoch}");
        }

        var sum = Money.Zero;
        foreach (var model in state.ByModel)
        {
            sum += model.Settled;
        }

        if (sum != state.Settled)
        {
            broken.Add($"the endpoints add up to {sum} settled, the account has {state.Settled}");
        }
    }
}
