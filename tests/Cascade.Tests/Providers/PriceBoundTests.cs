using System.Collections.Immutable;
using Cascade.Providers.Pricing;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Providers;

/// <summary>No call within its limits costs more than its bound, and the bound's inverse is exact.</summary>
public sealed class PriceBoundTests
{
    private static readonly Gen<long> GenPrice = Gen.OneOf(Gen.Const(0L), Gen.Long[1, 2_000_000], Gen.Long[1, 100_000_000_000], Gen.Const(1_000_000_000_000_000L));

    private static readonly Gen<long?> GenMaybe = Gen.OneOf(Gen.Const((long?)null), GenPrice.Select(price => (long?)price));

    private static readonly Gen<TokenPrices> GenTokens =
        from input in GenPrice
        from output in GenPrice
        from cached in GenMaybe
        from written in GenMaybe
        from image in GenMaybe
        from reasoning in GenMaybe
        select new TokenPrices(input, output) { CachedInput = cached, CacheWrite = written, ImageInput = image, Reasoning = reasoning };

    private static readonly Gen<PriceList> GenPrices =
        from tokens in GenTokens
        from borders in Gen.Long[1, 300].Array[0, 3]
        from tiers in GenTokens.Array[3]
        from rule in Gen.OneOf(Gen.Const(TierRule.WholeCall), Gen.Const(TierRule.PartAbove))
        from fees in Gen.Select(GenPrice, GenPrice, GenPrice)
        select new PriceList(tokens)
        {
            Tiers = [.. borders.Distinct().Order().Select((border, i) => new PriceTier(border, tiers[i]))],
            TierRule = rule,
            RequestNanos = fees.Item1 / 1000,
            ImageNanos = fees.Item2 / 1000,
            ToolCallNanos = fees.Item3 / 1000,
        };

    private static readonly Gen<CallLimits> GenLimits =
        from input in Gen.OneOf(Gen.Const(0L), Gen.Long[1, 400], Gen.Long[1, 10_000_000])
        from output in Gen.OneOf(Gen.Const(0L), Gen.Long[1, 3], Gen.Long[1, 1_000_000])
        from images in Gen.OneOf(Gen.Const(0L), Gen.Long[1, 10])
        from tools in Gen.OneOf(Gen.Const(0L), Gen.Long[1, 10])
        select new CallLimits { InputTokens = input, OutputTokens = output, Images = images, ToolCalls = tools };

    private static readonly Gen<(PriceList Price, CallLimits Limits, BilledUsage Usage)> GenCall =
        from price in GenPrices
        from limits in GenLimits
        from share in Gen.Select(Share, Share, Share, Share, Share, Share)
        from counts in Gen.Select(Share, Share)
        select (price, limits, Usage(limits, share, counts));

    [Fact]
    public void BoundNanos_EveryUsageWithinTheLimits_CostsNoMore() => GenCall.Sample(call =>
    {
        Assert.True(call.Limits.Allows(call.Usage));
        var (cost, bound) = (call.Price.CostNanos(call.Usage), call.Price.BoundNanos(call.Limits));
        Assert.True(cost <= bound, $"cost {cost}, bound {bound}");
    });

    [Fact]
    public void BoundNanos_LargerLimits_IsNeverLower() => Gen.Select(GenPrices, GenLimits, GenLimits).Sample((price, a, b) =>
    {
        var both = new CallLimits
        {
            InputTokens = Math.Max(a.InputTokens, b.InputTokens),
            OutputTokens = Math.Max(a.OutputTokens, b.OutputTokens),
            Images = Math.Max(a.Images, b.Images),
            ToolCalls = Math.Max(a.ToolCalls, b.ToolCalls),
        };
        Assert.True(price.BoundNanos(both) >= Math.Max(price.BoundNanos(a), price.BoundNanos(b)));
    });

    [Fact]
    public void BoundNanos_SomeUsage_CostsExactlyTheBoundOfAWholeCallPrice() =>
        Gen.Select(GenPrices.Where(p => p.TierRule == TierRule.WholeCall), GenLimits).Sample((price, limits) =>
        {
            var dearest = Candidates(price, limits).Max(price.CostNanos);
            Assert.Equal(price.BoundNanos(limits), dearest);
        });

    [Fact]
    public void MaxOutputTokens_AnyBudget_IsTheLargestLimitThatFits() =>
        Gen.Select(GenPrices, GenLimits, Gen.Long[0, 1_000_000_000_000]).Sample((price, limits, budget) =>
        {
            var most = price.MaxOutputTokens(budget, limits);
            if (most < 0)
                Assert.True(price.BoundNanos(limits with { OutputTokens = 0 }) > budget);
            else
            {
                Assert.True(price.BoundNanos(limits with { OutputTokens = Math.Min(most, long.MaxValue / 2) }) <= budget);
                if (most < long.MaxValue)
                    Assert.True(price.BoundNanos(limits with { OutputTokens = most + 1 }) > budget);
            }
        });

    [Fact]
    public void MaxOutputTokens_BudgetIsTheBound_CoversTheTokensAndNotOneNanoLess() => Gen.Select(GenPrices, GenLimits).Sample((price, limits) =>
    {
        var bound = price.BoundNanos(limits);
        Assert.True(price.MaxOutputTokens(bound, limits) >= limits.OutputTokens);
        Assert.True(price.MaxOutputTokens(bound - 1, limits) < limits.OutputTokens);
    });

    [Fact]
    public void BoundNanos_LongPrompt_ReservesTheLongContextPrice()
    {
        // litellm PR 40002: four of five 300,000-token calls were admitted at the short price, 0.60 spent on a 0.45 cap.
        var price = new PriceList(1_250_000_000, 10_000_000_000) { Tiers = [new PriceTier(200_000, new TokenPrices(2_500_000_000, 15_000_000_000))] };

        Assert.Equal(750_000_000 + 15_000, price.BoundNanos(new CallLimits { InputTokens = 300_000, OutputTokens = 1 }));
    }

    [Fact]
    public void BoundNanos_CheapCache_IsNotCountedOn()
    {
        var price = new PriceList(new TokenPrices(1_000_000, 0) { CachedInput = 100_000 });

        Assert.Equal(1_000, price.BoundNanos(new CallLimits { InputTokens = 1_000, OutputTokens = 0 }));
    }

    [Fact]
    public void BoundNanos_TierThatIsCheaper_IsNotCountedOnEither()
    {
        var price = new PriceList(2_000_000, 0) { Tiers = [new PriceTier(100, new TokenPrices(1_000_000, 0))] };

        Assert.Equal(200, price.BoundNanos(new CallLimits { InputTokens = 150, OutputTokens = 0 }));
    }

    [Fact]
    public void LargestPricesAndCounts_DoNotOverflow()
    {
        const long TokenPrice = (long)PriceLimits.MostTokenUsd * 1_000_000_000;
        const long Fee = (long)PriceLimits.MostFeeUsd * 1_000_000_000;
        var price = new PriceList(TokenPrice, TokenPrice) { RequestNanos = Fee, ImageNanos = Fee, ToolCallNanos = Fee };
        var limits = new CallLimits { InputTokens = 100_000_000, OutputTokens = 100_000_000, Images = 10_000, ToolCalls = 10_000 };

        Assert.True(price.BoundNanos(limits) <= Cascade.Budgets.LedgerLimits.MaxAmountNanos);
        Assert.Equal(-1, price.MaxOutputTokens(0, limits));
    }

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (tiered, parts, falling, cached, written, images, reasoning, fees, rounded, total) = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        GenCall.Sample(
            call =>
            {
                total++;
                var isTiered = call.Price.Tiers.Any(tier => call.Limits.InputTokens > tier.AboveInputTokens);
                tiered += isTiered ? 1 : 0;
                parts += isTiered && call.Price.TierRule == TierRule.PartAbove ? 1 : 0;
                falling += isTiered && call.Price.Tiers.Any(tier => tier.Tokens.Input < call.Price.Tokens.Input) ? 1 : 0;
                cached += call.Usage.CachedInputTokens > 0 ? 1 : 0;
                written += call.Usage.CacheWriteTokens > 0 ? 1 : 0;
                images += call.Usage.ImageInputTokens > 0 ? 1 : 0;
                reasoning += call.Usage.ReasoningTokens > 0 ? 1 : 0;
                fees += call.Usage.ToolCalls > 0 && call.Price.ToolCallNanos > 0 ? 1 : 0;
                rounded += call.Price.CostNanos(call.Usage) < call.Price.BoundNanos(call.Limits) ? 1 : 0;
            },
            iter: 2000,
            threads: 1);

        Assert.True(
            new[] { tiered, parts, falling, cached, written, images, reasoning, fees, rounded }.All(count => count > total / 50),
            $"tiered {tiered}, parts {parts}, falling {falling}, cached {cached}, written {written}, images {images}, reasoning {reasoning}, fees {fees}, below {rounded}");
    }

    private static Gen<double> Share => Gen.OneOf(Gen.Const(0.0), Gen.Const(1.0), Gen.Double[0, 1]);

    private static BilledUsage Usage(CallLimits limits, (double, double, double, double, double, double) share, (double, double) counts)
    {
        var input = Of(limits.InputTokens, share.Item1);
        var cached = Of(input, share.Item2);
        var written = Of(input - cached, share.Item3);
        var output = Of(limits.OutputTokens, share.Item5);
        return new BilledUsage
        {
            InputTokens = input,
            CachedInputTokens = cached,
            CacheWriteTokens = written,
            ImageInputTokens = limits.Images > 0 ? Of(input - cached - written, share.Item4) : 0,
            OutputTokens = output,
            ReasoningTokens = Of(output, share.Item6),
            Images = Of(limits.Images, counts.Item1),
            ToolCalls = Of(limits.ToolCalls, counts.Item2),
        };
    }

    private static long Of(long most, double share) => (long)(most * share);

    /// <summary>All of one kind, at the longest prompt of every tier: the dearest usage is among them.</summary>
    private static IEnumerable<BilledUsage> Candidates(PriceList price, CallLimits limits)
    {
        ImmutableArray<long> inputs = [limits.InputTokens, .. price.Tiers.Select(tier => tier.AboveInputTokens).Where(border => border < limits.InputTokens)];
        foreach (var input in inputs)
        {
            foreach (var reasoning in new[] { 0, limits.OutputTokens })
            {
                var plain = new BilledUsage
                {
                    InputTokens = input,
                    OutputTokens = limits.OutputTokens,
                    ReasoningTokens = reasoning,
                    Images = limits.Images,
                    ToolCalls = limits.ToolCalls,
                };
                yield return plain;
                yield return plain with { CachedInputTokens = input };
                yield return plain with { CacheWriteTokens = input };
                if (limits.Images > 0)
                    yield return plain with { ImageInputTokens = input };
            }
        }
    }
}
