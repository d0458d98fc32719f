using Cascade.Providers.Pricing;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Providers;

public sealed class PriceListTests
{
    private static readonly PriceList Mini = new(150_000_000, 600_000_000);

    private static readonly Gen<(long Input, long Output, PriceList Price)> GenCall =
        from inputPrice in Gen.OneOf(Gen.Const(0L), Gen.Long[1, 2_000_000], Gen.Long[1, 100_000_000_000], Gen.Const(long.MaxValue / 4))
        from outputPrice in Gen.OneOf(Gen.Const(0L), Gen.Long[1, 2_000_000], Gen.Long[1, 100_000_000_000], Gen.Const(long.MaxValue / 4))
        from input in Gen.OneOf(Gen.Const(0L), Gen.Long[1, 3], Gen.Long[1, 1_000_000])
        from output in Gen.OneOf(Gen.Const(0L), Gen.Long[1, 3], Gen.Long[1, 1_000_000])
        select (input, output, new PriceList(inputPrice, outputPrice));

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 150)]
    [InlineData(0, 1, 600)]
    [InlineData(1_000_000, 1_000_000, 750_000_000)]
    [InlineData(120, 345, 225_000)]
    public void CostNanos_PublishedPrices_GoldenValues(long input, long output, long expected) =>
        Assert.Equal(expected, Mini.CostNanos(input, output));

    [Fact]
    public void CostNanos_TwoFractions_RoundsTheSumUpOnce()
    {
        // Each part is 0.4 nano-dollars: rounding each would charge 2.
        var price = new PriceList(400_000, 400_000);

        Assert.Equal(1, price.CostNanos(1, 1));
        Assert.Equal(1, price.CostNanos(1, 0));
        Assert.Equal(2, price.CostNanos(2, 1));
    }

    [Fact]
    public void CostNanos_MoreThanALongHolds_Throws()
    {
        var price = new PriceList(long.MaxValue, long.MaxValue);

        Assert.Throws<OverflowException>(() => price.CostNanos(long.MaxValue, long.MaxValue));
        Assert.Equal(long.MaxValue, price.CostNanos(1_000_000, 0));
    }

    [Fact]
    public void CostNanos_NegativeTokens_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Mini.CostNanos(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Mini.CostNanos(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PriceList(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Mini.Tokens with { Output = -1 });
    }

    [Fact]
    public void CostNanos_EveryKindOfToken_HasItsOwnPrice()
    {
        var price = new PriceList(new TokenPrices(1_000_000, 10_000_000)
        {
            CachedInput = 100_000,
            CacheWrite = 1_250_000,
            ImageInput = 3_000_000,
            Reasoning = 20_000_000,
        })
        {
            RequestNanos = 7,
            ImageNanos = 11,
            ToolCallNanos = 13,
        };
        var usage = new BilledUsage
        {
            InputTokens = 1_000,
            CachedInputTokens = 500,
            CacheWriteTokens = 200,
            ImageInputTokens = 100,
            OutputTokens = 50,
            ReasoningTokens = 30,
            Images = 2,
            ToolCalls = 3,
        };

        Assert.Equal((200 * 1) + (500 / 10) + (200 * 5 / 4) + (100 * 3) + (20 * 10) + (30 * 20) + 7 + (2 * 11) + (3 * 13), price.CostNanos(usage));
    }

    [Theory]
    [InlineData(200_000, 1, 400_000_015)]
    [InlineData(200_001, 1, 800_004_022)]
    [InlineData(500_000, 1, 2_000_000_022)]
    [InlineData(500_001, 1, 4_000_008_100)]
    public void CostNanos_WholeCallTier_MovesPromptAndAnswerToItsPrices(long input, long output, long expected) =>
        Assert.Equal(expected, Tiered(TierRule.WholeCall).CostNanos(input, output));

    [Theory]
    [InlineData(200_000, 1, 400_000_015)]
    [InlineData(200_001, 1, 400_004_022)]
    [InlineData(500_001, 1, 1_600_008_100)]
    public void CostNanos_PartAboveTier_ChargesOnlyWhatLiesAbove(long input, long output, long expected) =>
        Assert.Equal(expected, Tiered(TierRule.PartAbove).CostNanos(input, output));

    [Fact]
    public void CostNanos_PartAboveTier_PutsTheCacheFirst()
    {
        var price = new PriceList(new TokenPrices(10_000_000, 0) { CachedInput = 1_000_000 })
        {
            TierRule = TierRule.PartAbove,
            Tiers = [new PriceTier(100, new TokenPrices(20_000_000, 0) { CachedInput = 2_000_000 })],
        };

        Assert.Equal(100 + (50 * 2) + (50 * 20), price.CostNanos(new BilledUsage { InputTokens = 200, CachedInputTokens = 150 }));
        Assert.Equal(40 + (60 * 10) + (100 * 20), price.CostNanos(new BilledUsage { InputTokens = 200, CachedInputTokens = 40 }));
    }

    [Fact]
    public void CostNanos_UsageThatContradictsItself_Throws()
    {
        Assert.Throws<ArgumentException>(() => Mini.CostNanos(new BilledUsage { InputTokens = 1, CachedInputTokens = 2 }));
        Assert.Throws<ArgumentException>(() => Mini.CostNanos(new BilledUsage { OutputTokens = 1, ReasoningTokens = 2 }));
        Assert.Throws<ArgumentException>(() => Mini with { Tiers = [new PriceTier(5, Mini.Tokens), new PriceTier(5, Mini.Tokens)] });
    }

    private static PriceList Tiered(TierRule rule) => new(2_000_000_000, 15_000_000)
    {
        TierRule = rule,
        Tiers =
        [
            new PriceTier(200_000, new TokenPrices(4_000_000_000, 22_000_000)),
            new PriceTier(500_000, new TokenPrices(8_000_000_000, 100_000_000)),
        ],
    };

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var free = 0;
        var rounded = 0;
        var dear = 0;
        var empty = 0;
        GenCall.Sample(
            call =>
            {
                var exact = ((Int128)call.Input * call.Price.InputNanosPerMillionTokens) + ((Int128)call.Output * call.Price.OutputNanosPerMillionTokens);
                free += call.Price.OutputNanosPerMillionTokens == 0 ? 1 : 0;
                rounded += exact % 1_000_000 != 0 ? 1 : 0;
                dear += exact > long.MaxValue ? 1 : 0;
                empty += call.Output == 0 ? 1 : 0;
            },
            iter: 1000,
            threads: 1);

        Assert.True(free > 50 && rounded > 50 && dear > 20 && empty > 50, $"free {free}, rounded {rounded}, dear {dear}, empty {empty}");
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.15", 150_000_000)]
    [InlineData("0.000000001", 1)]
    [InlineData("2.5000000000000", 2_500_000_000)]
    [InlineData("9223372036.854775807", long.MaxValue)]
    public void TryToNanos_ExactAmount_Converts(string usd, long expected)
    {
        Assert.True(UsdPrice.TryToNanos(decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture), out var nanos, out var problem));

        Assert.Equal(expected, nanos);
        Assert.Equal("", problem);
    }

    [Theory]
    [InlineData("0.0000000001", "more than 9 decimals")]
    [InlineData("-0.1", "negative")]
    [InlineData("9223372036.854775808", "more than can be counted")]
    [InlineData("79228162514264337593543950335", "more than can be counted")]
    public void TryToNanos_AmountThatDoesNotFit_SaysWhy(string usd, string expected)
    {
        Assert.False(UsdPrice.TryToNanos(decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture), out _, out var problem));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }
}
