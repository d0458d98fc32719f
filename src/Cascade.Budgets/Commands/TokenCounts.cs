namespace Cascade.Budgets;

/// <summary>Tokens that a provider billed. Statistics, not money: a sum stops at <see cref="LedgerLimits.MaxTokens"/> instead of failing.</summary>
/// <param name="Input">Input tokens, cached ones included.</param>
/// <param name="Output">Output tokens, reasoning included.</param>
/// <param name="Cached">Input tokens that were read from the provider's cache.</param>
/// <param name="Reasoning">Output tokens that are reasoning.</param>
public readonly record struct TokenCounts(long Input, long Output, long Cached = 0, long Reasoning = 0)
{
    /// <summary>Whether no token is counted.</summary>
    public bool IsZero => Input == 0 && Output == 0 && Cached == 0 && Reasoning == 0;

    /// <summary>Adds.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sums, each at most <see cref="LedgerLimits.MaxTokens"/>.</returns>
    public static TokenCounts operator +(TokenCounts left, TokenCounts right) => new(
        Sum(left.Input, right.Input), Sum(left.Output, right.Output), Sum(left.Cached, right.Cached), Sum(left.Reasoning, right.Reasoning));

    /// <summary>What the larger counts have more, each at least zero.</summary>
    /// <param name="earlier">Counts of the same thing, earlier.</param>
    /// <returns>The growth.</returns>
    internal TokenCounts Since(TokenCounts earlier) => new(
        Math.Max(0, Input - earlier.Input),
        Math.Max(0, Output - earlier.Output),
        Math.Max(0, Cached - earlier.Cached),
        Math.Max(0, Reasoning - earlier.Reasoning));

    /// <summary>The larger of each count.</summary>
    internal static TokenCounts Max(TokenCounts left, TokenCounts right) => new(
        Math.Max(left.Input, right.Input),
        Math.Max(left.Output, right.Output),
        Math.Max(left.Cached, right.Cached),
        Math.Max(left.Reasoning, right.Reasoning));

    private static long Sum(long left, long right) => Math.Min(LedgerLimits.MaxTokens, Math.Min(LedgerLimits.MaxTokens, left) + right);
}
