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
        Assert.Throws<ArgumentOutOfRangeException>(() => Mini with { OutputNanosPerMillionTokens = -1 });
    }

    [Fact]
    public void MaxOutputTokens_AnyBudget_IsTheLargestLimitThatFits() =>
        Gen.Select(GenCall, Gen.Long[0, 1_000_000_000_000]).Sample((call, budget) =>
        {
            var most = call.Price.MaxOutputTokens(budget, call.Input);
            if (most < 0)
                Assert.True(call.Price.CostNanos(call.Input, 0) > budget);
            else if (most < long.MaxValue)
            {
                Assert.True(call.Price.CostNanos(call.Input, most) <= budget);
                Assert.True(call.Price.CostNanos(call.Input, most + 1) > budget);
            }
            else
                Assert.Equal(0, call.Price.OutputNanosPerMillionTokens);
        });

    [Fact]
    public void MaxOutputTokens_BudgetIsTheCost_CoversTheTokensAndNotOneNanoLess() =>
        GenCall.Where(call => call.Price.OutputNanosPerMillionTokens > 0).Sample(call =>
        {
            var cost = call.Price.CostNanos(call.Input, call.Output);
            Assert.True(call.Price.MaxOutputTokens(cost, call.Input) >= call.Output);
            Assert.True(call.Price.MaxOutputTokens(cost - 1, call.Input) < call.Output);
        });

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
