using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Grains.Budgets;

namespace Cascade.Cli.Ledgers;

/// <summary>What to add up.</summary>
internal sealed record SpendScope
{
    /// <summary>The account whose spend it is, with all below it; empty for all.</summary>
    public required string Account { get; init; }

    public required SpendDimensions By { get; init; }

    /// <summary>Whether of the accounts only those are told that none is below; a run is one.</summary>
    public required bool LeavesOnly { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public string? TimeZone { get; init; }
}

/// <summary>What was spent, and the time it is of.</summary>
internal sealed record SpendReport
{
    public required string TimeZone { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    public required ImmutableArray<SpendRow> Rows { get; init; }

    /// <summary>What the accounts at the top have spent; they include all below them, so their rows alone add up to it.</summary>
    public required SpendSum Total { get; init; }

    /// <exception cref="CliException">The request is wrong, or there is no such account.</exception>
    public static async Task<SpendReport> MakeAsync(LedgerBooks books, SpendScope scope, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var accounts = (await LedgerSource.FindAsync(books, scope.Account, cancellationToken)).Where(BudgetPaths.IsWhole).ToImmutableArray();
        var tops = BudgetPaths.Tops(accounts).ToHashSet(StringComparer.Ordinal);
        var zone = scope.TimeZone ?? (await books.FindAsync(tops.Min(StringComparer.Ordinal)!, cancellationToken))?.TimeZone ?? "UTC";
        var filter = new SpendFilter
        {
            By = scope.By,
            From = Period.Read("--from", scope.From, zone, DateTimeOffset.MinValue),
            To = Period.Read("--to", scope.To, zone, now),
            TimeZone = zone,
        };
        var (total, told) = (new SpendQuery(filter with { By = SpendDimensions.None }), new SpendQuery(filter));
        var read = !scope.By.HasFlag(SpendDimensions.Account) ? tops
            : scope.LeavesOnly ? BudgetPaths.Leaves(accounts).ToHashSet(StringComparer.Ordinal)
            : accounts.ToHashSet(StringComparer.Ordinal);
        foreach (var account in accounts.Where(a => read.Contains(a) || tops.Contains(a)))
        {
            await foreach (var (_, entry) in books.EntriesAsync(account, filter.From, cancellationToken))
            {
                if (tops.Contains(account))
                {
                    total.Take(account, entry);
                }

                if (read.Contains(account))
                {
                    told.Take(account, entry);
                }
            }
        }

        return new SpendReport { TimeZone = zone, From = filter.From, To = filter.To, Rows = told.Rows(), Total = total.Total };
    }
}
