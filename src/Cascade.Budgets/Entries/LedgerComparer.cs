using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>Compares what a ledger knows with what its entries say.</summary>
public static class LedgerComparer
{
    /// <summary>Names every difference.</summary>
    /// <param name="state">The state that the latest entry belongs to.</param>
    /// <param name="replay">The replay of all entries from the first; its windows are moved to those of the state.</param>
    /// <returns>Each balance that differs with both values, and every entry that cannot be; empty when all agree.</returns>
    public static ImmutableArray<string> Compare(LedgerState state, LedgerReplay replay)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(replay);
        replay.Roll(LedgerWindows.Clock(state, DateTimeOffset.MinValue));
        var told = replay.Result();
        var differences = new List<string>(replay.Problems);
        Differ(differences, "settled", state.Settled, told.Settled);
        Differ(differences, "overrun", state.Overrun, told.Overrun);
        Differ(differences, "requests", state.Requests, told.Requests);
        CompareModels(differences, state, told);
        CompareWindows(differences, state, told);
        CompareHeld(differences, state, told);
        CompareLeases(differences, state, told);
        return [.. differences];
    }

    private static void CompareModels(List<string> differences, LedgerState state, ReplayedLedger told)
    {
        foreach (var endpoint in state.ByModel.Concat(told.ByModel).Select(m => m.Endpoint).Distinct(StringComparer.Ordinal))
        {
            var mine = ModelUsages.Find(state.ByModel, endpoint) ?? new ModelUsage { Endpoint = endpoint };
            var theirs = ModelUsages.Find(told.ByModel, endpoint) ?? new ModelUsage { Endpoint = endpoint };
            Differ(differences, $"settled at '{endpoint}'", mine.Settled, theirs.Settled);
            Differ(differences, $"attempts at '{endpoint}'", mine.Attempts, theirs.Attempts);
            Differ(differences, $"tokens at '{endpoint}'", mine.Tokens, theirs.Tokens);
        }
    }

    private static void CompareWindows(List<string> differences, LedgerState state, ReplayedLedger told)
    {
        Differ(differences, "caps", Join(state.Windows.Select(w => w.Cap.Key)), Join(told.Windows.Select(w => w.Cap)));
        foreach (var (mine, theirs) in state.Windows.Zip(told.Windows))
        {
            var name = mine.Cap.Key.ToString();
            Differ(differences, $"start of {name}", mine.Start, theirs.Start);
            Differ(differences, $"settled of {name}", mine.Settled, theirs.Settled);
            Differ(differences, $"cap of {name}", mine.Cap.Limit, theirs.Limit);
            Differ(differences, $"refusals of {name}", mine.WouldRefuse, theirs.WouldRefuse);
            Differ(
                differences,
                $"overrides of {name}",
                string.Join(", ", mine.Overrides.Select(o => o.Id).Order(StringComparer.Ordinal)),
                string.Join(", ", theirs.Overrides));
        }
    }

    private static void CompareHeld(List<string> differences, LedgerState state, ReplayedLedger told)
    {
        foreach (var attemptId in state.Unconfirmed.Keys.Union(told.Unconfirmed.Keys).Order(StringComparer.Ordinal))
        {
            var mine = state.Unconfirmed.GetValueOrDefault(attemptId);
            var theirs = told.Unconfirmed.GetValueOrDefault(attemptId);
            Differ(differences, $"held for attempt '{attemptId}'", mine, theirs);
        }
    }

    private static void CompareLeases(List<string> differences, LedgerState state, ReplayedLedger told)
    {
        foreach (var leaseId in state.Leases.Keys.Union(told.Leases.Keys).Order(StringComparer.Ordinal))
        {
            Money? mine = state.Leases.TryGetValue(leaseId, out var lease) ? lease.Granted : null;
            Money? theirs = told.Leases.TryGetValue(leaseId, out var granted) ? granted : null;
            Differ(differences, $"granted to lease '{leaseId}'", mine, theirs);
        }
    }

    private static string Join(IEnumerable<CapKey> caps) => string.Join("; ", caps);

    private static void Differ<T>(List<string> differences, string what, T state, T entries)
    {
        if (!EqualityComparer<T>.Default.Equals(state, entries))
        {
            differences.Add($"{what}: the state has {(state is null ? "nothing" : state)}, the entries say {(entries is null ? "nothing" : entries)}");
        }
    }
}
