using Cascade.Budgets;
using Cascade.Grains.Budgets;

namespace Cascade.Cli.Ledgers;

/// <summary>An attempt whose cost is open, with every budget that holds money for it.</summary>
internal sealed record HeldAttempt(string AttemptId, UnconfirmedEntry Bounds, IReadOnlyList<string> Budgets)
{
    /// <summary>All of an account and below, the oldest first.</summary>
    public static async Task<IReadOnlyList<HeldAttempt>> ReadAsync(LedgerBooks books, string account, CancellationToken cancellationToken)
    {
        var held = new Dictionary<string, (UnconfirmedEntry Bounds, List<string> Budgets)>(StringComparer.Ordinal);
        foreach (var budget in await books.BudgetsAsync(account, cancellationToken))
        {
            if (await books.FindAsync(budget, cancellationToken) is not { } stored)
            {
                continue;
            }

            foreach (var (attemptId, bounds) in stored.Unconfirmed)
            {
                if (held.TryGetValue(attemptId, out var known))
                {
                    known.Budgets.Add(budget);
                }
                else
                {
                    held[attemptId] = (bounds, [budget]);
                }
            }
        }

        return
        [
            .. held.Select(h => new HeldAttempt(h.Key, h.Value.Bounds, h.Value.Budgets))
                .OrderBy(h => h.Bounds.At).ThenBy(h => h.AttemptId, StringComparer.Ordinal),
        ];
    }
}
