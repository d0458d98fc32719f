namespace Cascade.Providers.Pricing;

/// <summary>The largest prices that are taken: with them, no believable call costs more than a ledger can count.</summary>
internal static class PriceLimits
{
    /// <summary>A dollar a token.</summary>
    public const decimal MostTokenUsd = 1_000_000m;

    /// <summary>The largest fee of a call, of an image, or of a call of a tool.</summary>
    public const decimal MostFeeUsd = 1_000m;
}
