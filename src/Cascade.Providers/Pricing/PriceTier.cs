namespace Cascade.Providers.Pricing;

/// <summary>Prices for long prompts.</summary>
/// <param name="AboveInputTokens">The tier holds for prompts of more tokens than this, at least 1; tokens from a cache count too.</param>
/// <param name="Tokens">The prices there.</param>
public sealed record PriceTier(long AboveInputTokens, TokenPrices Tokens)
{
    /// <summary>The tier holds for prompts of more tokens than this, at least 1.</summary>
    public long AboveInputTokens { get; init => field = AtLeastOne(value); } = AtLeastOne(AboveInputTokens);

    private static long AtLeastOne(long tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        return tokens;
    }
}

/// <summary>What a price tier applies to.</summary>
public enum TierRule
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>One token too many moves the whole call, prompt and answer, to the tier.</summary>
    WholeCall = 1,

    /// <summary>
    /// Only the prompt tokens above the border pay the tier; the cheapest to send come first: cached, cache writes, images, the rest. The
    /// answer pays the highest tier that the prompt reaches.
    /// </summary>
    PartAbove = 2,
}
