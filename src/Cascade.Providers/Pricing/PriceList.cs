using System.Collections.Immutable;

namespace Cascade.Providers.Pricing;

/// <summary>
/// What an endpoint charges, in nano-dollars (1e-9 USD). The arithmetic is exact; the cost of a call rounds up once, to the next nano-dollar.
/// </summary>
public sealed record PriceList : IPriceSource
{
    private const int TokensPerPrice = 1_000_000;

    /// <summary>Prices without tiers and fees.</summary>
    /// <param name="inputNanosPerMillionTokens">Price of a million prompt tokens, at least 0.</param>
    /// <param name="outputNanosPerMillionTokens">Price of a million answer tokens, at least 0.</param>
    public PriceList(long inputNanosPerMillionTokens, long outputNanosPerMillionTokens)
        : this(new TokenPrices(inputNanosPerMillionTokens, outputNanosPerMillionTokens))
    {
    }

    /// <summary>Prices without tiers and fees.</summary>
    /// <param name="tokens">Prices of tokens.</param>
    public PriceList(TokenPrices tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        Tokens = tokens;
    }

    /// <summary>Where the prices are from, for records: the entry of a price book and when it took effect; empty when they stand at the endpoint.</summary>
    public string Label { get; init; } = "";

    /// <summary>Prices of tokens, of prompts that reach no tier.</summary>
    public TokenPrices Tokens { get; init; }

    /// <summary>Prices of long prompts, by strictly increasing border.</summary>
    public ImmutableArray<PriceTier> Tiers { get; init => field = Increasing(value); } = [];

    /// <summary>What a tier applies to.</summary>
    public TierRule TierRule { get; init; } = TierRule.WholeCall;

    /// <summary>Price of a call, whatever it holds, at least 0.</summary>
    public long RequestNanos { get; init => field = AtLeastZero(value); }

    /// <summary>Price of an image in the prompt, beside its tokens, at least 0.</summary>
    public long ImageNanos { get; init => field = AtLeastZero(value); }

    /// <summary>Price of one call of a tool that the provider runs, beside its tokens, at least 0.</summary>
    public long ToolCallNanos { get; init => field = AtLeastZero(value); }

    /// <summary>Price of a million prompt tokens of a short prompt.</summary>
    public long InputNanosPerMillionTokens => Tokens.Input;

    /// <summary>Price of a million answer tokens to a short prompt.</summary>
    public long OutputNanosPerMillionTokens => Tokens.Output;

    /// <inheritdoc/>
    public PriceList At(DateTimeOffset moment) => this;

    /// <summary>The cost of a call: the exact sum of all its parts, rounded up once.</summary>
    /// <param name="usage">What is billed.</param>
    /// <returns>Nano-dollars, at least 0.</returns>
    /// <exception cref="ArgumentException">A count is negative, or a part is larger than its whole.</exception>
    /// <exception cref="OverflowException">The cost is more than a <see langword="long"/> of nano-dollars (9.2 billion USD).</exception>
    public long CostNanos(BilledUsage usage)
    {
        if (!usage.IsConsistent)
            throw new ArgumentException($"The usage contradicts itself: {usage}.", nameof(usage));
        var reached = TierOf(usage.InputTokens);
        var input = TierRule == TierRule.PartAbove ? InputByParts(usage, reached) : Input(Prices(reached), Whole(usage));
        var output = Prices(reached);
        return checked(RoundUp(
            input + ((Int128)usage.SaidTokens * output.Output) + ((Int128)usage.ReasoningTokens * (output.Reasoning ?? output.Output))
            + Fees(usage.Images, usage.ToolCalls)));
    }

    /// <summary>The cost of a call without special tokens.</summary>
    /// <param name="inputTokens">Prompt tokens, at least 0.</param>
    /// <param name="outputTokens">Answer tokens, at least 0.</param>
    /// <returns>Nano-dollars, at least 0.</returns>
    /// <exception cref="OverflowException">The cost is more than a <see langword="long"/> of nano-dollars (9.2 billion USD).</exception>
    public long CostNanos(long inputTokens, long outputTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(outputTokens);
        return CostNanos(new BilledUsage { InputTokens = inputTokens, OutputTokens = outputTokens });
    }

    /// <summary>
    /// The most that a call within limits can cost. It counts on nothing that makes a call cheaper: no cache hit, no answer without reasoning, and
    /// not on the tier that the largest prompt reaches, where a smaller one pays more.
    /// </summary>
    /// <param name="limits">The limits.</param>
    /// <returns>Nano-dollars; no usage that the limits allow costs more.</returns>
    /// <exception cref="OverflowException">The cost is more than a <see langword="long"/> of nano-dollars (9.2 billion USD).</exception>
    public long BoundNanos(CallLimits limits)
    {
        Check(limits);
        Int128 most = 0;
        for (var tier = 0; tier <= TierOf(limits.InputTokens); tier++)
            most = Int128.Max(most, checked(DearestInput(limits, tier) + ((Int128)limits.OutputTokens * Prices(tier).DearestOutput)));
        return checked(RoundUp(most + Fees(limits.Images, limits.ToolCalls)));
    }

    /// <summary>The largest output limit whose bound fits a budget; the exact inverse of <see cref="BoundNanos"/>.</summary>
    /// <param name="budgetNanos">What may be spent, in nano-dollars.</param>
    /// <param name="limits">The other limits; the output limit in it is not read.</param>
    /// <returns>Tokens; -1 when not even the prompt fits; <see cref="long.MaxValue"/> when answers are free.</returns>
    public long MaxOutputTokens(long budgetNanos, CallLimits limits)
    {
        Check(limits);
        if (budgetNanos < 0)
            return -1;

        // ceil(x / n) <= b holds exactly when x <= b * n, so there is no rounding to undo; the bound is a largest tier, so every tier must fit.
        var budget = checked(((Int128)budgetNanos * TokensPerPrice) - Fees(limits.Images, limits.ToolCalls));
        Int128 most = long.MaxValue;
        for (var tier = 0; tier <= TierOf(limits.InputTokens); tier++)
        {
            var left = checked(budget - DearestInput(limits, tier));
            if (left < 0)
                return -1;
            if (Prices(tier).DearestOutput is > 0 and var price)
                most = Int128.Min(most, left / price);
        }

        return (long)most;
    }

    /// <summary>Whether both charge the same, whatever their labels.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True when every price is the same.</returns>
    public bool ChargesLike(PriceList other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Tokens == other.Tokens && Tiers.SequenceEqual(other.Tiers) && (TierRule == other.TierRule || Tiers.IsEmpty)
            && RequestNanos == other.RequestNanos && ImageNanos == other.ImageNanos && ToolCallNanos == other.ToolCallNanos;
    }

    /// <inheritdoc/>
    public bool Equals(PriceList? other) => other is not null && Label == other.Label && ChargesLike(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Label, Tokens, RequestNanos, ImageNanos, ToolCallNanos, Tiers.Length);

    /// <summary>0 for the prices without a tier, else the tier's index plus 1.</summary>
    private int TierOf(long inputTokens)
    {
        var tier = Tiers.Length;
        while (tier > 0 && inputTokens <= Tiers[tier - 1].AboveInputTokens)
            tier--;
        return tier;
    }

    private TokenPrices Prices(int tier) => tier == 0 ? Tokens : Tiers[tier - 1].Tokens;

    private long Start(int tier) => tier == 0 ? 0 : Tiers[tier - 1].AboveInputTokens;

    private long End(int tier) => tier == Tiers.Length ? long.MaxValue : Tiers[tier].AboveInputTokens;

    /// <summary>The dearest prompt within limits that reaches a tier and no higher one, in millionths of a nano-dollar.</summary>
    private Int128 DearestInput(CallLimits limits, int tier)
    {
        var hasImages = limits.Images > 0;
        var tokens = Math.Min(limits.InputTokens, End(tier));
        if (TierRule != TierRule.PartAbove)
            return (Int128)tokens * Prices(tier).DearestInput(hasImages);

        Int128 sum = 0;
        for (var part = 0; part <= tier; part++)
            sum = checked(sum + ((Int128)(Math.Min(tokens, End(part)) - Start(part)) * Prices(part).DearestInput(hasImages)));
        return sum;
    }

    private Int128 InputByParts(BilledUsage usage, int reached)
    {
        Int128 sum = 0;
        for (var part = 0; part <= reached; part++)
            sum = checked(sum + Input(Prices(part), Within(usage, Start(part), End(part))));
        return sum;
    }

    private static Int128 Input(TokenPrices prices, InputParts parts) => checked(
        ((Int128)parts.Cached * (prices.CachedInput ?? prices.Input)) + ((Int128)parts.Written * (prices.CacheWrite ?? prices.Input))
        + ((Int128)parts.Image * (prices.ImageInput ?? prices.Input)) + ((Int128)parts.Plain * prices.Input));

    private static InputParts Whole(BilledUsage usage) =>
        new(usage.CachedInputTokens, usage.CacheWriteTokens, usage.ImageInputTokens, usage.PlainInputTokens);

    /// <summary>The tokens of each kind that lie from one place of the prompt to another.</summary>
    private static InputParts Within(BilledUsage usage, long start, long end)
    {
        var from = 0L;
        return new InputParts(Cut(usage.CachedInputTokens), Cut(usage.CacheWriteTokens), Cut(usage.ImageInputTokens), Cut(usage.PlainInputTokens));

        long Cut(long tokens)
        {
            var (first, last) = (Math.Max(from, start), Math.Min(from + tokens, end));
            from += tokens;
            return Math.Max(0, last - first);
        }
    }

    private Int128 Fees(long images, long toolCalls) =>
        checked((RequestNanos + ((Int128)images * ImageNanos) + ((Int128)toolCalls * ToolCallNanos)) * TokensPerPrice);

    private static long RoundUp(Int128 millionths) => checked((long)((millionths + (TokensPerPrice - 1)) / TokensPerPrice));

    private static void Check(CallLimits limits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limits.InputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(limits.OutputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(limits.Images);
        ArgumentOutOfRangeException.ThrowIfNegative(limits.ToolCalls);
    }

    private static ImmutableArray<PriceTier> Increasing(ImmutableArray<PriceTier> tiers)
    {
        for (var i = 1; i < tiers.Length; i++)
        {
            if (tiers[i].AboveInputTokens <= tiers[i - 1].AboveInputTokens)
                throw new ArgumentException("The borders of price tiers must increase.", nameof(tiers));
        }

        return tiers;
    }

    private static long AtLeastZero(long price)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(price);
        return price;
    }

    private readonly record struct InputParts(long Cached, long Written, long Image, long Plain);
}
