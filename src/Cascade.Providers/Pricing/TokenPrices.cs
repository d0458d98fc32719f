namespace Cascade.Providers.Pricing;

/// <summary>Prices of a million tokens of each kind, in nano-dollars (1e-9 USD), at least 0. A kind without a price of its own costs what its whole costs.</summary>
/// <param name="Input">Prompt tokens of no special kind.</param>
/// <param name="Output">Answer tokens.</param>
public sealed record TokenPrices(long Input, long Output)
{
    /// <summary>Prompt tokens of no special kind.</summary>
    public long Input { get; init => field = AtLeastZero(value); } = AtLeastZero(Input);

    /// <summary>Answer tokens.</summary>
    public long Output { get; init => field = AtLeastZero(value); } = AtLeastZero(Output);

    /// <summary>Prompt tokens read from the provider's cache; null when they cost what others do.</summary>
    public long? CachedInput { get; init => field = AtLeastZero(value); }

    /// <summary>Prompt tokens written to the provider's cache; null when they cost what others do.</summary>
    public long? CacheWrite { get; init => field = AtLeastZero(value); }

    /// <summary>Prompt tokens of images; null when they cost what others do.</summary>
    public long? ImageInput { get; init => field = AtLeastZero(value); }

    /// <summary>Answer tokens that are thought and not said; null when they cost what others do.</summary>
    public long? Reasoning { get; init => field = AtLeastZero(value); }

    /// <summary>The dearest that a prompt token can be.</summary>
    internal long DearestInput(bool hasImages) =>
        Math.Max(Math.Max(Input, CachedInput ?? 0), Math.Max(CacheWrite ?? 0, hasImages ? ImageInput ?? 0 : 0));

    /// <summary>The dearest that an answer token can be.</summary>
    internal long DearestOutput => Math.Max(Output, Reasoning ?? 0);

    private static long AtLeastZero(long price)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(price);
        return price;
    }

    private static long? AtLeastZero(long? price) => price is { } given ? AtLeastZero(given) : null;
}
