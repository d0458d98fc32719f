namespace Cascade.Grains.Budgets;

/// <summary>Which budgets belong to which account, by their keys alone.</summary>
public static class BudgetPaths
{
    /// <summary>Whether a budget is one of an account or of an account below it.</summary>
    /// <param name="budget">The budget's key.</param>
    /// <param name="account">The account; empty for the whole cluster.</param>
    /// <returns>True when it is; a name that only begins alike is not.</returns>
    public static bool IsWithin(string budget, string account)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(account);
        return account.Length == 0
            || (budget.StartsWith(account, StringComparison.Ordinal) && (budget.Length == account.Length || budget[account.Length] is '/' or '#'));
    }

    /// <summary>Whether the budget is for all spend of its account, and not for one endpoint only.</summary>
    /// <param name="budget">The budget's key.</param>
    public static bool IsWhole(string budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return !budget.Contains('#', StringComparison.Ordinal);
    }

    /// <summary>The accounts that no other one of them is above: each spend is in exactly one of their ledgers.</summary>
    /// <param name="accounts">Accounts.</param>
    public static IEnumerable<string> Tops(IReadOnlyCollection<string> accounts)
    {
        var known = accounts.ToHashSet(StringComparer.Ordinal);
        return accounts.Where(account => !Above(account).Any(known.Contains));
    }

    /// <summary>The accounts that no other one of them is below; a run is one.</summary>
    /// <param name="accounts">Accounts.</param>
    public static IEnumerable<string> Leaves(IReadOnlyCollection<string> accounts)
    {
        var inner = accounts.SelectMany(Above).ToHashSet(StringComparer.Ordinal);
        return accounts.Where(account => !inner.Contains(account));
    }

    private static IEnumerable<string> Above(string account)
    {
        for (var slash = account.LastIndexOf('/'); slash > 0; slash = account.LastIndexOf('/', slash - 1))
        {
            yield return account[..slash];
        }
    }
}
