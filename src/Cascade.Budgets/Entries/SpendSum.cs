namespace Cascade.Budgets;

/// <summary>What was spent, and for what.</summary>
/// <param name="Amount">The money.</param>
/// <param name="Requests">Requests that ended.</param>
/// <param name="Attempts">Provider calls.</param>
/// <param name="Tokens">Billed tokens.</param>
public readonly record struct SpendSum(Money Amount, long Requests, long Attempts, TokenCounts Tokens)
{
    /// <summary>Whether there is nothing.</summary>
    public bool IsZero => Amount == Money.Zero && Requests == 0 && Attempts == 0 && Tokens.IsZero;

    /// <summary>Adds up.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static SpendSum operator +(SpendSum left, SpendSum right) => new(
        left.Amount + right.Amount, left.Requests + right.Requests, left.Attempts + right.Attempts, left.Tokens + right.Tokens);

    /// <summary>What one entry books.</summary>
    internal static SpendSum Of(LedgerEntry entry) => new(
        entry.Amount,
        entry.Requests,
        entry.Attempts,
        new TokenCounts(entry.InputTokens, entry.OutputTokens, entry.CachedTokens, entry.ReasoningTokens));
}
