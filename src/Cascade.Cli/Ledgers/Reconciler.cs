using System.Security.Cryptography;
using System.Text;
using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Budgets;

namespace Cascade.Cli.Ledgers;

/// <summary>What became of one attempt whose cost somebody told.</summary>
internal enum ReconcileOutcome
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>It was held; its cost is booked in every budget that held it, or would be in a dry run.</summary>
    Reconciled = 1,

    /// <summary>It was held before and has ended since, at the same cost.</summary>
    Already = 2,

    /// <summary>It was held before and has ended since, at another cost.</summary>
    Differs = 3,

    /// <summary>It is held, and the cost is outside its bounds; nothing was done.</summary>
    OutOfBounds = 4,

    /// <summary>No budget holds it or ever did: its cost was known at once, or it is not of this cluster.</summary>
    Unknown = 5,

    /// <summary>A budget that held it refused the cost, and no entry says how it ended; it may still be held.</summary>
    Refused = 6,
}

/// <summary>One attempt and what became of it.</summary>
internal sealed record Reconciled(string AttemptId, long CostNanos, ReconcileOutcome Outcome, string Detail);

/// <summary>Matches costs that somebody else knows with the attempts that are held, and tells the budgets.</summary>
/// <param name="books">The stored ledgers.</param>
/// <param name="writer">The cluster; null in a dry run.</param>
/// <param name="beyondBounds">Whether a cost outside the bounds of its attempt is believed.</param>
internal sealed class Reconciler(LedgerBooks books, IBudgetWriter? writer, bool beyondBounds)
{
    public async Task<IReadOnlyList<Reconciled>> RunAsync(IReadOnlyDictionary<string, long> costs, CancellationToken cancellationToken)
    {
        var results = new Dictionary<string, Reconciled>(StringComparer.Ordinal);
        var refused = new HashSet<string>(StringComparer.Ordinal);
        foreach (var held in await HeldAttempt.ReadAsync(books, "", cancellationToken))
        {
            if (!costs.TryGetValue(held.AttemptId, out var cost))
            {
                continue;
            }

            if (await ReconcileAsync(held, cost, cancellationToken) is { } result)
            {
                results.Add(held.AttemptId, result);
            }
            else
            {
                refused.Add(held.AttemptId);
            }
        }

        var open = costs.Where(c => !results.ContainsKey(c.Key)).ToDictionary(StringComparer.Ordinal);
        await FindEndedAsync(open, results, cancellationToken);
        return
        [
            .. costs.Select(c => results.GetValueOrDefault(c.Key) ?? (refused.Contains(c.Key)
                ? new Reconciled(
                    c.Key,
                    c.Value,
                    ReconcileOutcome.Refused,
                    "a budget that held it refused the cost, and no entry says how it ended; see 'cascade budget unconfirmed', then send the row again")
                : new Reconciled(c.Key, c.Value, ReconcileOutcome.Unknown, "no budget holds it, or ever did"))),
        ];
    }

    /// <summary>The same row always makes the same command, so a file may be sent again after whatever stopped it.</summary>
    internal static OperationId OperationOf(string attemptId, long costNanos)
    {
        var row = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{attemptId}\n{costNanos}")));
        return new OperationId($"reconcile-{Convert.ToHexStringLower(row.AsSpan(0, 16))}");
    }

    /// <returns>What became of it; null when it ended between reading and telling, so that only its entries say how.</returns>
    private async Task<Reconciled?> ReconcileAsync(HeldAttempt held, long cost, CancellationToken cancellationToken)
    {
        if (!beyondBounds && (cost < held.Bounds.Lower.Nanos || cost > held.Bounds.Upper.Nanos))
        {
            return new Reconciled(
                held.AttemptId,
                cost,
                ReconcileOutcome.OutOfBounds,
                $"its cost must lie in {Usd.Exact(held.Bounds.Lower.Nanos)} to {Usd.Exact(held.Bounds.Upper.Nanos)}; --beyond-bounds books it all the same");
        }

        var ended = false;
        foreach (var budget in writer is null ? [] : held.Budgets)
        {
            var status = await writer!.ReconcileAsync(
                budget,
                new Reconciliation { Operation = OperationOf(held.AttemptId, cost), AttemptId = held.AttemptId, CostNanos = cost },
                cancellationToken);

            ended |= status == BudgetStatus.InvalidCommand;
            if (status is not (BudgetStatus.Ok or BudgetStatus.InvalidCommand))
            {
                throw new CliException(ExitCodes.Unavailable, $"budget '{budget}' refused the cost of '{held.AttemptId}': {status}");
            }
        }

        return ended ? null : new Reconciled(held.AttemptId, cost, ReconcileOutcome.Reconciled, string.Join(", ", held.Budgets));
    }

    private async Task FindEndedAsync(Dictionary<string, long> open, Dictionary<string, Reconciled> results, CancellationToken cancellationToken)
    {
        if (open.Count == 0)
        {
            return;
        }

        foreach (var budget in await books.BudgetsAsync("", cancellationToken))
        {
            await foreach (var (_, entry) in books.EntriesAsync(budget, DateTimeOffset.MinValue, cancellationToken))
            {
                if (entry.Kind is LedgerEntryKind.Reconciled or LedgerEntryKind.Resolved or LedgerEntryKind.Folded or LedgerEntryKind.Dropped
                    && open.TryGetValue(entry.AttemptId, out var cost))
                {
                    var same = entry.Amount.Nanos == cost;
                    var found = new Reconciled(
                        entry.AttemptId,
                        cost,
                        same ? ReconcileOutcome.Already : ReconcileOutcome.Differs,
                        $"{entry.Kind} at {Usd.Exact(entry.Amount.Nanos)} in {budget}");

                    // One budget that has another cost is worth knowing, however many have this one.
                    if (!same || results.GetValueOrDefault(entry.AttemptId) is not { Outcome: ReconcileOutcome.Differs })
                    {
                        results[entry.AttemptId] = found;
                    }
                }
            }
        }
    }
}
