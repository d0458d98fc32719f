namespace Cascade.Providers.Pricing;

/// <summary>What an endpoint charges, in nano-dollars (1e-9 USD) per million tokens. Cost rounds up to the next nano-dollar.</summary>
/// <param name="InputNanosPerMillionTokens">Price of a million prompt tokens, at least 0.</param>
/// <param name="OutputNanosPerMillionTokens">Price of a million answer tokens, reasoning included, at least 0.</param>
public sealed record PriceList(long InputNanosPerMillionTokens, long OutputNanosPerMillionTokens)
{
    private const int TokensPerPrice = 1_000_000;

    /// <summary>Price of a million prompt tokens, at least 0.</summary>
    public long InputNanosPerMillionTokens { get; init => field = AtLeastZero(value); } = AtLeastZero(InputNanosPerMillionTokens);

    /// <summary>Price of a million answer tokens, reasoning included, at least 0.</summary>
    public long OutputNanosPerMillionTokens { get; init => field = AtLeastZero(value); } = AtLeastZero(OutputNanosPerMillionTokens);

    /// <summary>The cost of a call: the exact sum of both parts, rounded up once.</summary>
    /// <param name="inputTokens">Prompt tokens, at least 0.</param>
    /// <param name="outputTokens">Answer tokens, at least 0.</param>
    /// <returns>Nano-dollars, at least 0.</returns>
    /// <exception cref="OverflowException">The cost is more than a <see langword="long"/> of nano-dollars (9.2 billion USD).</exception>
    public long CostNanos(long inputTokens, long outputTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(outputTokens);

        // Two products of 63-bit numbers and the rounding term stay below 2^127, so only the cast can overflow.
        var exact = ((Int128)inputTokens * InputNanosPerMillionTokens) + ((Int128)outputTokens * OutputNanosPerMillionTokens);
        return checked((long)((exact + (TokensPerPrice - 1)) / TokensPerPrice));
    }

    /// <summary>The largest number of answer tokens whose cost, with the prompt, fits a budget; the exact inverse of <see cref="CostNanos"/>.</summary>
    /// <param name="budgetNanos">What may be spent, in nano-dollars.</param>
    /// <param name="inputTokens">Prompt tokens, at least 0.</param>
    /// <returns>Tokens; -1 when not even the prompt fits; <see cref="long.MaxValue"/> when answers are free.</returns>
    public long MaxOutputTokens(long budgetNanos, long inputTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputTokens);
        if (budgetNanos < 0)
            return -1;

        // ceil(x / n) <= b holds exactly when x <= b * n, so there is no rounding to undo.
        var left = ((Int128)budgetNanos * TokensPerPrice) - ((Int128)inputTokens * InputNanosPerMillionTokens);
        if (left < 0)
            return -1;
        if (OutputNanosPerMillionTokens == 0)
            return long.MaxValue;
        return (long)Int128.Min(left / OutputNanosPerMillionTokens, long.MaxValue);
    }

    private static long AtLeastZero(long price)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(price);
        return price;
    }
}
